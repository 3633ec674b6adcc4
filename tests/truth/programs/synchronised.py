# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of lock, with and without a time limit, handed from thread to thread."""
import queue
import threading
import time

lock, again, gate = threading.Lock(), threading.RLock(), threading.Event()
slots, here = threading.BoundedSemaphore(2), threading.Barrier(3)
room = threading.Condition()
results = []
print(lock.acquire(), lock.acquire(False), lock.acquire(timeout=0.01), lock.locked())
threading.Timer(0.02, lock.release).start()
print(lock.acquire(timeout=5))
with again, again:
    print(again._is_owned())


def work(number):
    gate.wait()
    with slots:
        results.append(number)
    here.wait()
    with room:
        room.wait_for(lambda: len(results) == 4, timeout=5)


threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for thread in threads:
    thread.start()
gate.set()
time.sleep(0.05)
with room:
    results.append(3)
    room.notify_all()
for thread in threads:
    thread.join()
print(sorted(results), gate.wait(0), here.broken)
items = queue.PriorityQueue(1)
items.put(1)
for act in (lambda: items.put(2, timeout=0.01), lambda: (items.get(), items.get(timeout=0.01))):
    try:
        act()
    except (queue.Full, queue.Empty) as error:
        print(type(error).__name__)
try:
    slots.release()
except ValueError as error:
    print(error)
