# SPDX-License-Identifier: GPL-3.0-or-later
"""A thousand threads, all alive at once."""
import threading

threading.stack_size(256 * 1024)
count = 0
lock = threading.Lock()
all_here = threading.Barrier(1_001)


def work():
    global count
    with lock:
        count += 1
    all_here.wait()


threads = [threading.Thread(target=work) for _ in range(1_000)]
for thread in threads:
    thread.start()
all_here.wait()
for thread in threads:
    thread.join()
print(count, threading.active_count())
