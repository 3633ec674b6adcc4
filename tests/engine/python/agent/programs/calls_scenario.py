# SPDX-License-Identifier: GPL-3.0-or-later
# A thread in each kind of blocking call; prints "<what> <tid> <begin> <end>" in ns of
# CLOCK_MONOTONIC.
import os
import select
import socket
import subprocess
import sys
import threading
import time

now = time.monotonic_ns
lines = []


def timed(what, call):
    begin = now()
    call()
    lines.append("%s %d %d %d" % (what, threading.get_native_id(), begin, now()))


def later(action):
    def run():
        time.sleep(0.02)
        action()

    threading.Thread(target=run).start()


receive, send = os.pipe()
left, right = socket.socketpair()
timed("sleep", lambda: time.sleep(0.02))
later(lambda: os.write(send, b"x"))
timed("read", lambda: os.read(receive, 1))
later(lambda: right.send(b"x"))
timed("recv", lambda: left.recv(1))
timed("poll", lambda: select.select([receive], [], [], 0.02))
timed("wait", lambda: subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.02)"],
                                       env={}).wait())
timed("compute", lambda: sum(range(1000000)))
print("\n".join(lines))
