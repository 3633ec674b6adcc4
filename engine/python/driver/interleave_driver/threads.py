# SPDX-License-Identifier: GPL-3.0-or-later
# A ThreadPoolExecutor; the main thread only submits.
import concurrent.futures
import itertools
import threading

from . import announce
from .execution import Execution, Hooks
from .names import QUEUED, SUBMITTED
from .schedule import Schedule
from .thread_objects import make_objects


class _Pool(Hooks):
    def __init__(self, program, block):
        self._program = program
        self._block = block
        self._objects = make_objects(program)
        self._futures = {}  # of tasks that somebody may await
        self._numbers = itertools.count(1)
        self._own = threading.local()
        self._executor = concurrent.futures.ThreadPoolExecutor(max_workers=program.workers)
        self.schedule = Schedule(program, block)
        self.news = threading.Event()

    def submit(self, child, parent):
        self._futures[child] = self._executor.submit(self._run, child)

    def submit_due(self):
        for task in self.schedule.take_due():
            announce.spawned(task, 0)
            announce.state(task, QUEUED, 0, 0, True)
            self._block.set_phase(task, SUBMITTED)
            self._executor.submit(self._run, task)

    def wait_for(self, task, action):
        concurrent.futures.wait([self._futures[child] for child in action.tasks])

    def shut_down(self):
        self._executor.shutdown()

    def _run(self, task):
        try:
            execution = self._own.execution
        except AttributeError:
            name = "worker %d" % next(self._numbers)
            threading.current_thread().name = name
            announce.name_thread(name)
            execution = Execution(self._program, self._block, self._objects, self)
            self._own.execution = execution
        end = execution.run_to_end(task)
        parent = self._program.task(task).parent
        if parent:
            self._block.set_waker(parent, task)
        if self.schedule.ended(task, end):
            self.news.set()


def run(program, block, speeds):
    announce.name_thread("control")
    announce.role("control")
    pool = _Pool(program, block)
    while not pool.schedule.all_ended():
        pool.news.clear()
        pool.submit_due()
        if pool.schedule.all_ended():
            break
        pool.news.wait(pool.schedule.seconds_to_next())
    pool.shut_down()
