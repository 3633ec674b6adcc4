# SPDX-License-Identifier: GPL-3.0-or-later
"""Forks twice, as daemons do; the daemon answers after its parent has gone."""
import os
import sys
import time

reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    os.chdir("/")
    os.umask(0)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    time.sleep(0.1)
    os.write(writing, b"the daemon works, in its own session: %d" % (os.getsid(0) != os.getpid()))
    os.closerange(0, 100)
    time.sleep(0.2)
    os._exit(0)
os.wait()
os.close(writing)
print(os.read(reading, 100).decode())
sys.exit(5)
