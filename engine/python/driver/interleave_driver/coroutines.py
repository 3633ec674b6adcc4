# SPDX-License-Identifier: GPL-3.0-or-later
# A coroutine for every task in one event loop, started by gather(). With threads, compute steps go
# to to_thread(). A task that is suspended gives the loop's thread to others, so its states are
# detached; what wakes a task says that it is ready.
import asyncio
import concurrent.futures
import itertools
import threading

from . import announce, work
from .coroutine_steps import Steps
from .names import (AWAIT, COMPUTE, ENDED, QUEUED, RUNNING, SPAWN, SUBMITTED, SUSPENDED, UNBORN)
from .schedule import Schedule


class _Tasks(Steps):
    def __init__(self, program, block, loop):
        super().__init__(program, block, loop)
        self._coroutines = {}  # asyncio's tasks, of ours that were not in the first gather()
        self._schedule = Schedule(program, block)
        self._over = loop.create_future()
        self._pool = None
        self._do.update({SPAWN: self._spawn, AWAIT: self._await})
        if program.model.endswith("+threads"):
            self._pool = concurrent.futures.ThreadPoolExecutor(max_workers=program.workers)
            loop.set_default_executor(self._pool)
            self._numbers = itertools.count(1)
            self._own = threading.local()
            self._do[COMPUTE] = self._compute_elsewhere

    async def run(self):
        first = asyncio.gather(*[self._run_to_end(task) for task in self._submit()])
        self._arm()
        await first
        if not self._schedule.all_ended():
            await self._over
        self._connections.close()
        if self._pool is not None:
            self._pool.shutdown()

    # --- when tasks come and go

    def _submit(self):
        due = self._schedule.take_due()
        for task in due:
            announce.spawned(task, 0)
            announce.state(task, QUEUED, 0, 0, True)
            self._block.set_phase(task, SUBMITTED)
        return due

    def _submit_more(self):
        for task in self._submit():
            self._start(task)
        self._arm()

    def _arm(self):
        seconds = self._schedule.seconds_to_next()
        if seconds is not None:
            self._loop.call_later(seconds, self._submit_more)

    def _start(self, task):
        self._coroutines[task] = self._loop.create_task(self._run_to_end(task))

    async def _run_to_end(self, number):
        end = await self.perform(number)
        announce.state(number, end)
        self._block.set_phase(number, ENDED)
        parent = self._program.task(number).parent
        if parent:
            self._block.set_waker(parent, number)
        if self._schedule.ended(number, end):
            if self._schedule.all_ended():
                if not self._over.done():
                    self._over.set_result(None)
            else:
                self._submit_more()

    # --- steps of their own

    async def _compute_elsewhere(self, frame, action):
        frame.suspend(QUEUED, action.step)
        if hasattr(asyncio, "to_thread"):
            await asyncio.to_thread(self._compute_in_thread, frame, action)
        else:  # what to_thread() does, before 3.9
            await self._loop.run_in_executor(None, self._compute_in_thread, frame, action)
        frame.again(action.step)
        return True

    def _compute_in_thread(self, frame, action):
        if not hasattr(self._own, "is_named"):
            self._own.is_named = True
            name = "pool worker %d" % next(self._numbers)
            threading.current_thread().name = name
            announce.name_thread(name)
        announce.state(frame.task.id, RUNNING, 0, action.step)
        work.compute(action)
        frame.ready(action.step)

    def _spawn(self, frame, action):
        for child in action.tasks:
            if self._block.phase(child) != UNBORN:
                continue  # an earlier try has spawned it
            announce.spawned(child, frame.task.id)
            announce.state(child, QUEUED, 0, 0, True)
            self._block.set_phase(child, SUBMITTED)
            self._start(child)
        return True

    async def _await(self, frame, action):
        if all(self._block.has_ended(child) for child in action.tasks):
            return True
        frame.begin_wait(SUSPENDED, action)
        await asyncio.gather(*[self._coroutines[child] for child in action.tasks])
        waker = self._block.waker(frame.task.id)
        if waker:
            announce.woken(frame.task.id, waker)
        frame.end_wait(action)
        return True


def run(program, block, speeds):
    announce.name_thread("event loop")
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)

    async def main():
        await _Tasks(program, block, loop).run()

    try:
        loop.run_until_complete(main())
    finally:
        loop.close()
