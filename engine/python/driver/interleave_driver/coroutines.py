# SPDX-License-Identifier: GPL-3.0-or-later
# A coroutine for every task in one event loop, started by gather(). With threads, compute steps go
# to to_thread(). A task that is suspended gives the loop's thread to others, so its states are
# detached; what wakes a task says that it is ready.
import asyncio
import concurrent.futures
import itertools
import threading
import time

from . import announce, work
from .coroutine_objects import make_objects
from .loopback import Client
from .names import (ACQUIRE, AWAIT, BARRIER, COMPUTE, DONE, ENDED, FAIL, FAILED, GET, IO, PUT,
                    QUEUED, READY, RELEASE, RETRY, RETRYING, RUNNING, SLEEP, SLEEPING, SPAWN,
                    STARTED, SUBMITTED, SUSPENDED, UNBORN, WAITING_IO)
from .requests import Connections
from .schedule import Schedule

_MOST_COMPLAINTS = 4


class Frame:
    """A task's coroutine, and what was said of it last."""

    __slots__ = ("task", "attempt", "locked", "step", "_block")

    def __init__(self, task, block):
        self.task = task
        self.attempt = 0
        self.locked = []
        self.step = None
        self._block = block

    def again(self, step):
        self.step = step
        announce.state(self.task.id, RUNNING, 0, step)

    def resume(self, step):
        if self.step != step:
            self.again(step)

    def suspend(self, state, step, number=0):
        self.step = None
        announce.state(self.task.id, state, number, step, True)

    def begin_wait(self, state, action):
        self.suspend(state, action.step, action.object)
        self._block.begin_wait(self.task.id, action)

    def end_wait(self, action):
        self._block.end_wait(self.task.id)
        self.again(action.step)

    def ready(self, step):
        announce.state(self.task.id, READY, 0, step, True)


class _Tasks:
    def __init__(self, program, block, loop):
        self._program = program
        self._block = block
        self._loop = loop
        self._objects = make_objects(program, block, loop)
        self._connections = Connections(program, loop)
        self._blocking_client = Client(program.port)
        self._coroutines = {}  # asyncio's tasks, of ours that were not in the first gather()
        self._schedule = Schedule(program, block)
        self._over = loop.create_future()
        self._complaints = 0
        self._pool = None
        if program.model.endswith("+threads"):
            self._pool = concurrent.futures.ThreadPoolExecutor(max_workers=program.workers)
            loop.set_default_executor(self._pool)
            self._numbers = itertools.count(1)
            self._own = threading.local()
        self._do = {
            COMPUTE: self._compute if self._pool is None else self._compute_elsewhere,
            IO: self._io, SLEEP: self._sleep, ACQUIRE: self._acquire, RELEASE: self._release_step,
            BARRIER: self._pass, PUT: self._pass, GET: self._pass, SPAWN: self._spawn,
            AWAIT: self._await, FAIL: self._fail,
        }

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
        end = await self._perform(number)
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

    async def _perform(self, number):
        task = self._program.task(number)
        self._block.set_phase(number, STARTED)
        frame = Frame(task, self._block)
        while True:
            is_done = await self._try_once(frame)
            for held in reversed(frame.locked[:]):
                self._release(frame, held)
            if is_done:
                return DONE
            if frame.attempt >= task.retries:
                return FAILED
            step = self._program.extra_step(RETRY)
            announce.state(number, FAILED)
            frame.suspend(RETRYING, step)
            await self._timer(frame, task.delay_before_retry_ns(frame.attempt), step)
            frame.attempt += 1

    async def _try_once(self, frame):
        do = self._do
        try:
            frame.resume(self._program.first_step(frame.task))
            for action in frame.task.actions:
                done = do[action.kind](frame, action)
                if not (done if done is True or done is False else await done):
                    return False
            return True
        except Exception as trouble:  # the other tasks go on
            self._complaints += 1
            if self._complaints <= _MOST_COMPLAINTS:
                announce.complain("A task failed: %s." % (str(trouble).rstrip(".") or
                                                          repr(trouble)))
            return False

    # --- steps that work

    def _compute(self, frame, action):
        frame.resume(action.step)
        work.compute(action)
        return True

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

    # --- steps that wait for the world

    async def _io(self, frame, action):
        frame.resume(action.step)
        if action.is_blocking:
            self._blocking_client.send(action)
            announce.state(frame.task.id, WAITING_IO, 0, action.step)
            self._blocking_client.receive()
        else:
            await self._connections.exchange(frame, action)
        frame.again(action.step)
        return True

    async def _sleep(self, frame, action):
        if action.is_blocking:
            announce.state(frame.task.id, SLEEPING, 0, action.step)
            time.sleep(action.duration_ns / 1e9)
        elif action.duration_ns == 0:
            frame.suspend(READY, action.step)
            await asyncio.sleep(0)
        else:
            frame.suspend(SLEEPING, action.step)
            await self._timer(frame, action.duration_ns, action.step)
        frame.again(action.step)
        return True

    def _timer(self, frame, length_ns, step):
        """What asyncio.sleep() waits for, with a word when the time has come."""
        future = self._loop.create_future()

        def ring():
            frame.ready(step)
            if not future.done():
                future.set_result(None)

        self._loop.call_later(length_ns / 1e9, ring)
        return future

    # --- steps that wait for other tasks

    async def _acquire(self, frame, action):
        await self._objects[action.object - 1].acquire(frame, action)
        return True

    async def _pass(self, frame, action):
        await self._objects[action.object - 1].enter(frame, action)
        return True

    def _release_step(self, frame, action):
        self._release(frame, action.object)
        return True

    def _release(self, frame, number):
        self._objects[number - 1].release(frame, number)

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

    def _fail(self, frame, action):
        return not action.strikes_in(frame.attempt)


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
