# SPDX-License-Identifier: GPL-3.0-or-later
# A scenario's shared objects as `threading` and `queue` have them.
import itertools
import queue
import threading

from .names import BARRIER_OBJECT, LOCK, SEMAPHORE

_items = itertools.count(1)  # next() is atomic


class Permit:
    """A lock or a semaphore."""

    def __init__(self, primitive):
        self._primitive = primitive
        self.acquire = primitive.acquire
        self.release = primitive.release

    def try_acquire(self):
        return self._primitive.acquire(False)


class Barrier:
    def __init__(self, barrier):
        self._barrier = barrier
        self.wait = barrier.wait

    def is_last(self):
        return self._barrier.n_waiting + 1 == self._barrier.parties


class Queue:
    def __init__(self, items):
        self._queue = items
        self.put = items.put
        self.get = items.get

    def new_item(self):
        return next(_items)

    def try_put(self, item):
        try:
            self._queue.put_nowait(item)
            return True
        except queue.Full:
            return False

    def try_get(self):
        """None: it is empty."""
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            return None


def make_objects(program):
    made = []
    for declared in program.objects:
        if declared.kind == LOCK:
            made.append(Permit(threading.Lock()))
        elif declared.kind == SEMAPHORE:
            made.append(Permit(threading.Semaphore(declared.capacity)))
        elif declared.kind == BARRIER_OBJECT:
            made.append(Barrier(threading.Barrier(declared.capacity)))
        else:
            made.append(Queue(queue.Queue(declared.capacity)))
    return made
