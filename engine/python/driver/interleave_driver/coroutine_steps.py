# SPDX-License-Identifier: GPL-3.0-or-later
# A task's steps in coroutines of one event loop. A task that is suspended gives the loop's thread to
# others, so its states are detached; what wakes a task says that it is ready.
import asyncio
import time

from . import announce, work
from .coroutine_objects import make_objects
from .loopback import Client
from .names import (ACQUIRE, BARRIER, COMPUTE, DONE, FAIL, FAILED, GET, IO, PUT, READY, RELEASE,
                    RETRY, RETRYING, RUNNING, SLEEP, SLEEPING, STARTED, WAITING_IO)
from .requests import Connections

_MOST_COMPLAINTS = 4


class Frame:
    """A task's coroutine, and what was said of it last."""

    __slots__ = ("task", "attempt", "locked", "step", "_block")

    def __init__(self, task, block, attempt=0):
        self.task = task
        self.attempt = attempt
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


class Steps:
    def __init__(self, program, block, loop):
        self._program = program
        self._block = block
        self._loop = loop
        self._objects = make_objects(program, block, loop)
        self._connections = Connections(program, loop)
        self._blocking_client = Client(program.port)
        self._complaints = 0
        self._do = {
            COMPUTE: self._compute, IO: self._io, SLEEP: self._sleep, ACQUIRE: self._acquire,
            RELEASE: self._release_step, BARRIER: self._pass, PUT: self._pass, GET: self._pass,
            FAIL: self._fail,
        }

    async def perform(self, number):
        """DONE or FAILED, which is not said yet."""
        task = self._program.task(number)
        self._block.set_phase(number, STARTED)
        frame = Frame(task, self._block)
        while True:
            if await self.try_task(frame):
                return DONE
            if frame.attempt >= task.retries:
                return FAILED
            step = self._program.extra_step(RETRY)
            announce.state(number, FAILED)
            frame.suspend(RETRYING, step)
            await self._timer(frame, task.delay_before_retry_ns(frame.attempt), step)
            frame.attempt += 1

    async def try_task(self, frame):
        """One try: whether it went well. Nothing it locked stays locked."""
        is_done = await self._try_once(frame)
        for held in reversed(frame.locked[:]):
            self._release(frame, held)
        return is_done

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

    def _fail(self, frame, action):
        return not action.strikes_in(frame.attempt)

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
