# SPDX-License-Identifier: GPL-3.0-or-later
# A ProcessPoolExecutor; this first process only submits. A task that is killed breaks the whole
# pool, as it does in every Python program: what had begun there fails (or is tried again), what had
# not goes to a new pool.
import concurrent.futures
import heapq
import multiprocessing
from concurrent.futures.process import BrokenProcessPool

from . import announce, parcels, process_worker
from .names import (ENDED, FAILED, QUEUED, RETRY, RETRYING, START, STARTED, STARTING, SUBMITTED)
from .process_objects import make_objects
from .process_worker import MESSAGE, NEWS, SUBMIT, WORKER_IS_UP
from .schedule import Schedule, now_ns


class _Pool:
    def __init__(self, program, block, speeds):
        self._program = program
        self._block = block
        start = program.settings["start"]
        self._context = multiprocessing.get_context(start)
        self.messages, self._bell = self._context.Pipe(duplex=False)
        # One for each worker: released when a child of the task in it has ended.
        self._ended = [self._context.Semaphore(0) for _ in range(program.workers)]
        self._initial = (program if start == "fork" else program.path, speeds,
                         make_objects(program, self._context), self._bell, self._ended,
                         self._context.Value("i", 0))
        self._payloads = {}
        self._attempts = {}  # of tasks that were killed
        self._retries = []  # heap of (when, task)
        self._lost = []  # tasks that a broken pool has left
        self._up = 0  # workers that are ready
        self._inside = 0  # tasks given to the pool
        self.schedule = Schedule(program, block)
        self._executor = self._new_executor()

    def _new_executor(self):
        self._up = self._inside = self._given = 0
        return concurrent.futures.ProcessPoolExecutor(
            max_workers=self._program.workers, mp_context=self._context,
            initializer=process_worker.set_up, initargs=self._initial)

    def shut_down(self):
        self._executor.shutdown()

    # --- tasks go in

    def submit_due(self):
        for task in self.schedule.take_due():
            announce.spawned(task, 0)
            announce.state(task, QUEUED, 0, 0, True)
            self._block.set_phase(task, SUBMITTED)
            self._submit(task)
        while self._retries and self._retries[0][0] <= now_ns():
            task = heapq.heappop(self._retries)[1]
            announce.state(task, QUEUED, 0, 0, True)
            self._block.set_phase(task, SUBMITTED)
            self._submit(task)

    def seconds_to_next(self):
        seconds = self.schedule.seconds_to_next()
        if not self._retries:
            return seconds
        mine = max(0.0, (self._retries[0][0] - now_ns()) / 1e9)
        return mine if seconds is None else min(seconds, mine)

    def _submit(self, task):
        self._given += 1
        is_awaited = self._inside < self._program.workers
        starts_worker = self._given <= self._program.workers and self._inside >= self._up
        self._inside += 1
        if starts_worker:
            announce.state(task, STARTING, 0, self._program.extra_step(START), True)
        size = self._program.task(task).payload
        if size == 0:
            first, last = task, 0
        else:
            first = parcels.Opening(task, not starts_worker)
            last = parcels.Closing(task, is_awaited)
        data = self._payloads.get(size)
        if data is None:
            data = self._payloads[size] = bytes(size)
        try:
            future = self._executor.submit(process_worker.run_task, first, data,
                                           self._attempts.get(task, 0), last)
        except BrokenProcessPool:
            self._lost.append(task)
            self.tell()
            return
        future.add_done_callback(lambda done: self._take(task, done))

    # --- tasks come out: in a thread of the pool

    def _take(self, task, future):
        parcels.be_control("results")
        self._inside -= 1
        trouble = future.exception()
        if trouble is None:
            self._end(task, future.result()[0])
            return
        if not isinstance(trouble, BrokenProcessPool):
            announce.complain("A task failed: %r." % trouble)
            self._end(task, FAILED)
            return
        self._lost.append(task)
        self.tell()

    def _end(self, task, end):
        announce.state(task, end)
        self._block.set_phase(task, ENDED)
        parent = self._program.task(task).parent
        if parent:
            self._block.set_waker(parent, task)
            worker = self._block.worker(parent)
            if worker:
                self._ended[(worker - 1) % len(self._ended)].release()
        if self.schedule.ended(task, end):
            self.tell()

    def tell(self):
        self._bell.send_bytes(MESSAGE.pack(NEWS, 0))

    # --- in the main thread

    def hear(self):
        kind, number = MESSAGE.unpack(self.messages.recv_bytes())
        if kind == SUBMIT:
            self._submit(number)
        elif kind == WORKER_IS_UP:
            self._up += 1
        if self._lost:
            self._replace_broken()

    def _replace_broken(self):
        self._executor.shutdown()  # ends its workers; every task inside is in _lost now
        lost, self._lost = self._lost, []
        announce.complain("A worker process was killed: the pool is broken, %d of its tasks are "
                          "lost, and a new pool takes its place." % len(lost))
        self._executor = self._new_executor()
        for task in sorted(lost):
            if self._block.phase(task) != STARTED:
                announce.state(task, QUEUED, 0, 0, True)
                self._submit(task)
                continue
            self._block.end_wait(task)
            attempt = self._attempts.get(task, 0)
            declared = self._program.task(task)
            if attempt >= declared.retries:
                self._end(task, FAILED)
                continue
            self._attempts[task] = attempt + 1
            announce.state(task, FAILED)
            announce.state(task, RETRYING, 0, self._program.extra_step(RETRY), True)
            heapq.heappush(self._retries,
                           (now_ns() + declared.delay_before_retry_ns(attempt), task))


def run(program, block, speeds):
    announce.name_thread("control")
    announce.role("control")
    parcels.set_up(program)
    pool = _Pool(program, block, speeds)
    while not pool.schedule.all_ended():
        pool.submit_due()
        if pool.schedule.all_ended():
            break
        if pool.messages.poll(pool.seconds_to_next()):
            pool.hear()
    pool.shut_down()
