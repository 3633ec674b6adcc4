# SPDX-License-Identifier: GPL-3.0-or-later
# A scenario's shared objects as asyncio has them; a barrier of our own, which asyncio has from 3.11
# on only. Made and used in the loop's thread.
import asyncio
import itertools

from . import announce
from .names import (BARRIER_OBJECT, BLOCKED, FREE, HANDOFF, LOCK, PUT, SEMAPHORE, WAITING_LOCK)


class Permit:
    """A lock or a semaphore."""

    def __init__(self, primitive, block, is_lock):
        self._primitive = primitive
        self._block = block
        self._is_lock = is_lock
        self._waiting = 0

    async def acquire(self, frame, action):
        waits = self._waiting > 0 or self._primitive.locked()
        if waits:
            frame.begin_wait(WAITING_LOCK, action)
            self._waiting += 1
        await self._primitive.acquire()
        if self._is_lock:
            frame.locked.append(action.object)
            self._block.set_holder(action.object, frame.task.id)
        announce.acquired(frame.task.id, action.object, HANDOFF if waits else FREE)
        if waits:
            self._waiting -= 1
            frame.end_wait(action)

    def release(self, frame, number):
        if number in frame.locked:
            frame.locked.reverse()
            frame.locked.remove(number)
            frame.locked.reverse()
            self._block.set_holder(number, 0)
        announce.released(frame.task.id, number)
        self._primitive.release()


class Barrier:
    def __init__(self, parties, loop):
        self._parties = parties
        self._loop = loop
        self._waiting = []

    async def enter(self, frame, action):
        if len(self._waiting) + 1 < self._parties:
            future = self._loop.create_future()
            self._waiting.append((frame, future))
            frame.begin_wait(WAITING_LOCK, action)
            await future
            frame.end_wait(action)
            return
        waiting, self._waiting = self._waiting, []
        for other, future in waiting:
            announce.woken(other.task.id, frame.task.id)
            other.ready(action.step)
            future.set_result(None)


class Queue:
    _items = itertools.count(1)

    def __init__(self, capacity):
        self._queue = asyncio.Queue(capacity)

    async def enter(self, frame, action):
        if action.kind == PUT:
            await self._put(frame, action)
        else:
            await self._get(frame, action)

    async def _put(self, frame, action):
        item = next(self._items)
        waits = self._queue.full()
        if waits:
            frame.begin_wait(BLOCKED, action)
        await self._queue.put(item)
        announce.queue_put(item, action.object)
        if waits:
            frame.end_wait(action)

    async def _get(self, frame, action):
        waits = self._queue.empty()
        if waits:
            frame.begin_wait(WAITING_LOCK, action)
        item = await self._queue.get()
        announce.queue_got(item, action.object)
        if waits:
            frame.end_wait(action)


def make_objects(program, block, loop):
    made = []
    for declared in program.objects:
        if declared.kind == LOCK:
            made.append(Permit(asyncio.Lock(), block, True))
        elif declared.kind == SEMAPHORE:
            made.append(Permit(asyncio.Semaphore(declared.capacity), block, False))
        elif declared.kind == BARRIER_OBJECT:
            made.append(Barrier(declared.capacity, loop))
        else:
            made.append(Queue(declared.capacity))
    return made
