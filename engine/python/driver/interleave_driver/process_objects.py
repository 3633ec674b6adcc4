# SPDX-License-Identifier: GPL-3.0-or-later
# A scenario's shared objects as `multiprocessing` has them. Made in the first process, handed to
# the workers. As everywhere in Python, what a killed worker held stays held.
import queue

from .names import BARRIER_OBJECT, LOCK, SEMAPHORE

_ITEMS_OF_A_WORKER = 1 << 20


class Permit:
    """A lock or a semaphore."""

    def __init__(self, primitive):
        self._primitive = primitive

    def acquire(self):
        self._primitive.acquire()

    def release(self):
        self._primitive.release()

    def try_acquire(self):
        return self._primitive.acquire(False)


class Barrier:
    def __init__(self, barrier):
        self._barrier = barrier

    def wait(self):
        self._barrier.wait()

    def is_last(self):
        return self._barrier.n_waiting + 1 == self._barrier.parties


class Queue:
    def __init__(self, items):
        self._queue = items
        self._next = 0

    def number_items(self, worker, queue_number):
        """Items of several workers and queues are told apart."""
        self._next = worker * _ITEMS_OF_A_WORKER + queue_number * 4096

    def new_item(self):
        self._next += 1
        return self._next

    def put(self, item):
        self._queue.put(item)

    def get(self):
        return self._queue.get()

    def try_put(self, item):
        try:
            self._queue.put_nowait(item)
            return True
        except queue.Full:
            return False

    def try_get(self):
        """None: it is empty, or what was put is still on its way."""
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            return None


def make_objects(program, context):
    made = []
    for declared in program.objects:
        if declared.kind == LOCK:
            made.append(Permit(context.Lock()))
        elif declared.kind == SEMAPHORE:
            made.append(Permit(context.Semaphore(declared.capacity)))
        elif declared.kind == BARRIER_OBJECT:
            made.append(Barrier(context.Barrier(declared.capacity)))
        else:
            made.append(Queue(context.Queue(declared.capacity)))
    return made
