# SPDX-License-Identifier: GPL-3.0-or-later
# Memory that this program shares with the one that started it: how far each task has got, what it
# waits for, who holds a lock. Plain stores, no call into the kernel; the other side looks at it
# to find deadlocks and to know what was not ended. Layout: engine/models/python/python_block.h.
import mmap
import os
import sys

from .names import ENDED

MAGIC = 0x49505931
HEADER_WORDS = 16
TASK_WORDS = 8
OBJECT_WORDS = 4

# Words of the header.
AT_MAGIC, AT_READY, AT_VERSION, AT_FLAGS, AT_ALL_ENDED, AT_LOOK = 0, 1, 2, 3, 4, 5
HAS_AGENT, IS_CPYTHON = 1, 2


class Block:
    """One word is always written by one thread at a time."""

    def __init__(self, path, task_count):
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._memory = mmap.mmap(descriptor, 0)
        finally:
            os.close(descriptor)
        self._words = memoryview(self._memory).cast("I")
        if self._words[AT_MAGIC] != MAGIC:
            raise SystemExit("The shared block is not one of ours.")
        self._objects = HEADER_WORDS + TASK_WORDS * task_count

    def tell_ready(self, has_agent):
        """Who we are, before the first task."""
        self._words[AT_VERSION] = sys.hexversion & 0xFFFFFFFF
        self._words[AT_FLAGS] = (HAS_AGENT if has_agent else 0) | (
            IS_CPYTHON if sys.implementation.name == "cpython" else 0)
        self._words[AT_READY] = 1

    def tell_all_ended(self):
        self._words[AT_ALL_ENDED] = 1

    def asked_look(self):
        """The latest number of ask_look()."""
        return self._words[AT_LOOK]

    def ask_look(self):
        """Consumers are to look whether there is anything left for them."""
        self._words[AT_LOOK] += 1
        return self._words[AT_LOOK]

    def phase(self, task):
        return self._words[HEADER_WORDS + TASK_WORDS * (task - 1)]

    def set_phase(self, task, phase):
        self._words[HEADER_WORDS + TASK_WORDS * (task - 1)] = phase

    def has_ended(self, task):
        return self._words[HEADER_WORDS + TASK_WORDS * (task - 1)] == ENDED

    def begin_wait(self, task, action):
        at = HEADER_WORDS + TASK_WORDS * (task - 1)
        self._words[at + 2] = action.index + 1
        self._words[at + 1] = (self._words[at + 1] + 1) & 0xFFFFFFFF

    def end_wait(self, task):
        at = HEADER_WORDS + TASK_WORDS * (task - 1)
        self._words[at + 2] = 0
        self._words[at + 1] = (self._words[at + 1] + 1) & 0xFFFFFFFF

    def set_cover(self, task, other):
        """`other` runs on top of `task` in the same thread (0: nobody any more)."""
        self._words[HEADER_WORDS + TASK_WORDS * (task - 1) + 3] = other

    def waker(self, task):
        return self._words[HEADER_WORDS + TASK_WORDS * (task - 1) + 4]

    def set_waker(self, task, waker):
        self._words[HEADER_WORDS + TASK_WORDS * (task - 1) + 4] = waker

    def worker(self, task):
        return self._words[HEADER_WORDS + TASK_WORDS * (task - 1) + 5]

    def set_worker(self, task, worker):
        self._words[HEADER_WORDS + TASK_WORDS * (task - 1) + 5] = worker

    def begin_try(self, task):
        """How many tries had begun before, by whomever."""
        at = HEADER_WORDS + TASK_WORDS * (task - 1) + 6
        begun = self._words[at]
        self._words[at] = begun + 1
        return begun

    def set_holder(self, lock, task):
        """Set after a lock was got, cleared before it is given back."""
        self._words[self._objects + OBJECT_WORDS * (lock - 1)] = task
