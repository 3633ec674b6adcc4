# SPDX-License-Identifier: GPL-3.0-or-later
# Executes tasks by blocking the calling thread, and says so: the counterpart of
# engine/models/blocking/task_execution.cpp, with the same states, steps and order of events. A
# waiting state is said before the wait, `running` after it; "released" before an object is free
# and "acquired" after it was got. The interpreter lock is the agent's to show.
#
# One Execution per worker; what differs between models is behind its hooks.
import os
import signal
import time

from . import announce, work
from .loopback import Client
from .names import (ACQUIRE, AWAIT, BARRIER, BLOCKED, COMPUTE, CRASH, DONE, ENDED, FAIL, FAILED,
                    FREE, GET, HANDOFF, IO, LOCK, PUBLISH, PUT, QUEUED, RELEASE, RETRY, RETRYING,
                    RUNNING, SLEEP, SLEEPING, SPAWN, STARTED, SUBMITTED, SUSPENDED, UNBORN,
                    WAITING_IO, WAITING_LOCK)

_MOST_COMPLAINTS = 4  # per worker; the rest would say the same


class Hooks:
    """What a model adds."""

    await_frees_worker = False

    def publish(self, frame, action):
        """Whether all messages of a Publish went out."""
        return False  # refused before the run: most models have no broker

    def submit(self, child, parent):
        raise NotImplementedError

    def wait_for(self, task, action):
        """Returns when all tasks of an Await have ended."""
        raise NotImplementedError


class _Frame:
    __slots__ = ("task", "attempt", "locked", "step")

    def __init__(self, task, attempt):
        self.task = task
        self.attempt = attempt
        self.locked = []  # locks it holds, innermost last
        self.step = None  # said to be running in this step; None: said to wait


class Execution:
    def __init__(self, program, block, objects, hooks):
        self._program = program
        self._block = block
        self._objects = objects
        self._hooks = hooks
        self._client = Client(program.port)
        self._complaints = 0
        self._do = {
            COMPUTE: self._compute, IO: self._io, SLEEP: self._sleep, ACQUIRE: self._acquire,
            RELEASE: self._release_step, BARRIER: self._barrier, PUT: self._put, GET: self._get,
            SPAWN: self._spawn, AWAIT: self._await, PUBLISH: self._publish, FAIL: self._fail,
            CRASH: self._crash,
        }

    def run_to_end(self, number):
        """perform() with the end mark."""
        end = self.perform(number)
        announce.state(number, end)
        self._block.set_phase(number, ENDED)
        return end

    def perform(self, number, attempt=0):
        """DONE or FAILED, which is not said yet. Nothing it locked stays locked."""
        task = self._program.task(number)
        self._block.set_phase(number, STARTED)
        frame = _Frame(task, attempt)
        while True:
            if self._try_and_release(frame):
                return DONE
            if frame.attempt >= task.retries:
                return FAILED
            step = self._program.extra_step(RETRY)
            announce.state(number, FAILED)
            announce.state(number, RETRYING, 0, step)
            frame.step = None
            time.sleep(task.delay_before_retry_ns(frame.attempt) / 1e9)
            frame.attempt += 1

    def try_task(self, number, attempt):
        """One try, of which nothing else is said: whether it went well."""
        return self._try_and_release(_Frame(self._program.task(number), attempt))

    def _try_and_release(self, frame):
        is_done = self._try_once(frame)
        for held in reversed(frame.locked[:]):
            self._release(frame, held)
        return is_done

    def _try_once(self, frame):
        do = self._do
        try:
            self._resume(frame, self._program.first_step(frame.task))
            for action in frame.task.actions:
                if not do[action.kind](frame, action):
                    return False
            return True
        except Exception as trouble:  # the other tasks go on
            self._client.close()
            self._complain("A task failed: %s." % (str(trouble).rstrip(".") or repr(trouble)))
            return False

    def _complain(self, sentence):
        self._complaints += 1
        if self._complaints <= _MOST_COMPLAINTS:
            announce.complain(sentence)

    # --- steps that work or wait for the world

    def _compute(self, frame, action):
        self._resume(frame, action.step)
        work.compute(action)
        return True

    def _io(self, frame, action):
        self._resume(frame, action.step)
        self._client.send(action)
        announce.state(frame.task.id, WAITING_IO, 0, action.step)
        self._client.receive()
        self._again(frame, action.step)
        return True

    def _sleep(self, frame, action):
        announce.state(frame.task.id, SLEEPING, 0, action.step)
        time.sleep(action.duration_ns / 1e9)
        self._again(frame, action.step)
        return True

    # --- steps that wait for other tasks

    def _acquire(self, frame, action):
        task = frame.task.id
        got = self._objects[action.object - 1]
        how = FREE
        if not got.try_acquire():
            self._begin_wait(frame, action, WAITING_LOCK)
            got.acquire()
            how = HANDOFF
        self._take(frame, action)
        announce.acquired(task, action.object, how)
        if how == HANDOFF:
            self._end_wait(frame, action)
        return True

    def _take(self, frame, action):
        if self._program.object(action.object).kind == LOCK:
            frame.locked.append(action.object)
            self._block.set_holder(action.object, frame.task.id)

    def _release_step(self, frame, action):
        self._release(frame, action.object)
        return True

    def _release(self, frame, number):
        if number in frame.locked:
            frame.locked.reverse()
            frame.locked.remove(number)
            frame.locked.reverse()
            self._block.set_holder(number, 0)
        announce.released(frame.task.id, number)
        self._objects[number - 1].release()

    def _barrier(self, frame, action):
        barrier = self._objects[action.object - 1]
        if barrier.is_last():
            barrier.wait()
            return True
        self._begin_wait(frame, action, WAITING_LOCK)
        barrier.wait()
        self._end_wait(frame, action)
        return True

    def _put(self, frame, action):
        queue = self._objects[action.object - 1]
        item = queue.new_item()
        has_waited = not queue.try_put(item)
        if has_waited:
            self._begin_wait(frame, action, BLOCKED)
            queue.put(item)
        announce.queue_put(item, action.object)
        if has_waited:
            self._end_wait(frame, action)
        return True

    def _get(self, frame, action):
        queue = self._objects[action.object - 1]
        item = queue.try_get()
        has_waited = item is None
        if has_waited:
            self._begin_wait(frame, action, WAITING_LOCK)
            item = queue.get()
        announce.queue_got(item, action.object)
        if has_waited:
            self._end_wait(frame, action)
        return True

    def _spawn(self, frame, action):
        for child in action.tasks:
            if self._block.phase(child) != UNBORN:
                continue  # an earlier try has spawned it
            announce.spawned(child, frame.task.id)
            announce.state(child, QUEUED, 0, 0, True)
            self._block.set_phase(child, SUBMITTED)
            self._hooks.submit(child, frame.task.id)
        return True

    def _await(self, frame, action):
        if all(self._block.has_ended(child) for child in action.tasks):
            return True
        task = frame.task.id
        announce.state(task, SUSPENDED, 0, action.step, self._hooks.await_frees_worker)
        frame.step = None
        self._block.begin_wait(task, action)
        self._hooks.wait_for(task, action)
        self._block.end_wait(task)
        waker = self._block.waker(task)
        if waker:
            announce.woken(task, waker)
        self._again(frame, action.step)
        return True

    # --- steps that fail

    def _fail(self, frame, action):
        return not action.strikes_in(frame.attempt)

    def _publish(self, frame, action):
        self._resume(frame, action.step)
        is_done = self._hooks.publish(frame, action)
        frame.step = None  # it may have waited for the broker
        return is_done

    def _crash(self, frame, action):
        if action.strikes_in(frame.attempt):
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    # --- what is said

    def _begin_wait(self, frame, action, state):
        announce.state(frame.task.id, state, action.object, action.step)
        frame.step = None
        self._block.begin_wait(frame.task.id, action)

    def _end_wait(self, frame, action):
        self._block.end_wait(frame.task.id)
        self._again(frame, action.step)

    def _again(self, frame, step):
        frame.step = step
        announce.state(frame.task.id, RUNNING, 0, step)

    def _resume(self, frame, step):
        if frame.step != step:
            self._again(frame, step)
