# SPDX-License-Identifier: GPL-3.0-or-later
# Threads that wait for each other in known ways. Prints what happened as lines
# "<what> <tid> <begin> <end>", ns of CLOCK_MONOTONIC, taken inside of what is recorded.
import queue
import sys
import threading
import time

now = time.monotonic_ns
lines = []


def tell(what, begin, end):
    lines.append("%s %d %d %d" % (what, threading.get_native_id(), begin, end))


def run(*functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def locks(lock, what):
    """Two threads take turns; the second one always has to wait first."""
    first = threading.Event()

    def hold(count):
        for i in range(count):
            with lock:
                begin = now()
                first.set()
                time.sleep(0.002)
                tell(what, begin, now())

    def second():
        first.wait()
        hold(10)

    run(lambda: hold(10), second)


def condition():
    cond = threading.Condition()
    ready = threading.Event()

    def waiter():
        with cond:
            ready.set()
            begin = now()
            cond.wait()
            tell("condition-wait", begin, now())

    def notifier():
        ready.wait()
        time.sleep(0.01)
        with cond:
            tell("notify", now(), now())
            cond.notify()

    run(waiter, notifier)


def timeout():
    begin = now()
    threading.Event().wait(0.01)
    tell("timeout", begin, now())


def queues():
    items = queue.Queue(2)

    def producer():
        for i in range(20):
            items.put(i)

    def consumer():
        for i in range(20):
            begin = now()
            items.get()
            tell("get", begin, now())
            time.sleep(0.001)

    run(producer, consumer)


def simple_queue():
    items = queue.SimpleQueue()
    waiting = []

    def consumer():
        waiting.append(0)
        begin = now()
        items.get()
        tell("simple-get", begin, now())

    def producer():
        while len(waiting) < 2:
            time.sleep(0.001)
        time.sleep(0.02)
        for i in range(2):
            items.put(i)
            time.sleep(0.005)

    run(consumer, consumer, producer)


def semaphore():
    permits = threading.Semaphore(0)

    def user():
        begin = now()
        permits.acquire()
        tell("permit", begin, now())

    def giver():
        while len(permits._cond._waiters) < 3:
            time.sleep(0.001)
        time.sleep(0.05)  # for the last of them to wait in earnest
        for i in range(3):
            permits.release()

    run(user, user, user, giver)


scenarios = {
    "lock": lambda: locks(threading.Lock(), "hold"),
    "rlock": lambda: locks(threading.RLock(), "hold"),
    "condition": condition,
    "timeout": timeout,
    "queue": queues,
    "simple-queue": simple_queue,
    "semaphore": semaphore,
}
for name in sys.argv[1:]:
    scenarios[name]()
print("\n".join(lines))
