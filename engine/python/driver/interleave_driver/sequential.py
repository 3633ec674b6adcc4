# SPDX-License-Identifier: GPL-3.0-or-later
# A plain loop in the main thread: one task after the other. Children run where their parent awaits
# them, or after it.
import collections
import time

from . import announce
from .execution import Execution, Hooks
from .names import QUEUED, SUBMITTED
from .schedule import Schedule
from .thread_objects import make_objects


class _Children(Hooks):
    await_frees_worker = True

    def __init__(self, block, schedule):
        self._block = block
        self._schedule = schedule
        self._waiting = collections.deque()  # spawned, not yet run
        self.execution = None

    def submit(self, child, parent):
        self._waiting.append(child)

    def wait_for(self, task, action):
        for child in action.tasks:
            if child in self._waiting:
                self._waiting.remove(child)
                self._block.set_cover(task, child)
                self.run(child)
                self._block.set_waker(task, child)
                self._block.set_cover(task, 0)

    def run(self, task):
        self._schedule.ended(task, self.execution.run_to_end(task))

    def run_rest(self):
        while self._waiting:
            self.run(self._waiting.popleft())


def run(program, block, speeds):
    announce.name_thread("worker 1")
    schedule = Schedule(program, block)
    children = _Children(block, schedule)
    children.execution = Execution(program, block, make_objects(program), children)
    queue = collections.deque()
    while not schedule.all_ended():
        for task in schedule.take_due():
            announce.spawned(task, 0)
            announce.state(task, QUEUED, 0, 0, True)
            block.set_phase(task, SUBMITTED)
            queue.append(task)
        if queue:
            children.run(queue.popleft())
            children.run_rest()
            continue
        seconds = schedule.seconds_to_next()
        if seconds is not None:
            time.sleep(seconds)
