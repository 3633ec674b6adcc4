# SPDX-License-Identifier: GPL-3.0-or-later
# One worker of RQ, and its work horses. Jobs do the scenario's steps; RQ does all the rest.
import os

import redis
import rq

from . import announce, rq_client
from .bell import READY, ring
from .execution import Execution, Hooks
from .library import URL_VARIABLE, Library
from .names import DONE, ENDED, FAILED, STARTED, SUBMITTED

_worker = None  # of this process; a forked work horse has it, too


class TaskFailed(Exception):
    """A step of the scenario fails on purpose."""


class _Nobody(Hooks):
    """Spawning and awaiting are refused before the run."""


def execute(number, payload):
    """Every job."""
    return _worker.execute(number)


class _Worker:
    def __init__(self, program, block, index):
        self.program = program
        self.block = block
        self.library = Library(program)
        self.number = index + 1
        rq_client.hook(self.library)
        self._execution = Execution(program, block, [], _Nobody())
        forks = program.settings["worker"] == "forking"
        self._kind = _told(rq.Worker if forks else rq.SimpleWorker, self)

    def start(self):
        connection = redis.Redis.from_url(os.environ[URL_VARIABLE])
        queues = [rq.Queue(self.library.queue_name(number), connection=connection)
                  for number in self.library.used_queues()]
        worker = self._kind(queues, connection=connection,
                            name="%s-%d" % (self.library.token, self.number))
        announce.role("worker" if self.program.settings["worker"] == "simple" else "control")
        ring(0, READY)
        worker.work(logging_level="ERROR", with_scheduler=rq_client.needs_scheduler(self.library))
        return 0

    def execute(self, number):
        announce.name_thread("worker %d" % self.number)
        announce.role("worker")
        self.block.set_phase(number, STARTED)
        if not self._execution.try_task(number, self.block.begin_try(number)):
            raise TaskFailed()
        return "x" * self.program.task(number).result

    def end(self, job, end):
        number = self.library.task_number(job.id)
        if number:
            self.block.set_phase(number, ENDED)
            ring(number, end)

    def again(self, job):
        number = self.library.task_number(job.id)
        if number:
            self.block.set_phase(number, SUBMITTED)


def _told(kind, owner):
    """RQ's worker, which tells of ends."""
    class Told(kind):
        def handle_job_success(self, job, *rest, **options):
            super().handle_job_success(job, *rest, **options)
            owner.end(job, DONE)

        def handle_job_failure(self, job, *rest, **options):
            is_tried_again = bool(job.retries_left and job.retries_left > 0)
            super().handle_job_failure(job, *rest, **options)
            if is_tried_again:
                owner.again(job)
            else:
                owner.end(job, FAILED)

    return Told


def main(program, block, index):
    global _worker
    # RQ imports the job's function by its module, which is this one under its package's name.
    _worker = _Worker(program, block, index)
    return _worker.start()
