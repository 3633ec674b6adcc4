# SPDX-License-Identifier: GPL-3.0-or-later
"""Forks while other threads run; the children make threads of their own."""
import os
import threading

stop = threading.Event()
busy = [threading.Thread(target=lambda: [None for _ in iter(stop.is_set, True)]) for _ in range(3)]
for thread in busy:
    thread.start()
codes = []
for number in range(5):
    child = os.fork()
    if child == 0:
        found = []
        inner = threading.Thread(target=lambda: found.append(sum(range(50_000))))
        inner.start()
        inner.join()
        os._exit(number if found == [1249975000] else 99)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
stop.set()
for thread in busy:
    thread.join()
print(codes, threading.active_count())
