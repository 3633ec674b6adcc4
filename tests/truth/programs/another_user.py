# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives up its rights, where it has them, and starts programs as nobody."""
import os
import subprocess
import threading

if os.getuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
os.chdir("/")
threads = [threading.Thread(target=sum, args=(range(100_000),)) for _ in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(os.getuid() != 0, threading.active_count())
if os.fork() == 0:
    threading.Thread(target=print, args=("a child of nobody's",)).start()
else:
    os.wait()
    print(subprocess.run(["/bin/echo", "nobody's"], capture_output=True, text=True))
