# SPDX-License-Identifier: GPL-3.0-or-later
# A worker of Celery, and the processes of its pool. Tasks do the scenario's steps; Celery does all
# the rest: reserving, retries, limits, acknowledgements.
import itertools
import multiprocessing
import os
import threading

from celery import signals

from . import announce, celery_app, process_objects, thread_objects
from .bell import READY, ring
from .execution import Execution, Hooks
from .library import Library
from .names import CANCELLED, DONE, ENDED, FAILED, QUEUE, STARTED, SUBMITTED


class TaskFailed(Exception):
    """A step of the scenario fails on purpose."""


class _Spawner(Hooks):
    """Tasks that spawn tasks send them as any client does."""

    def __init__(self, worker):
        self._worker = worker
        self._results = {}

    def submit(self, child, parent):
        worker = self._worker
        self._results[child] = celery_app.signature(worker.app, worker.library, child).apply_async()

    def wait_for(self, task, action):
        for child in action.tasks:
            self._results.pop(child).get(disable_sync_subtasks=False, propagate=False)


class _Worker:
    def __init__(self, program, block, index):
        self._program = program
        self._block = block
        self.library = Library(program)
        celery_app.hook(self.library)
        self._declared = self.library.workers[index] if self.library.workers else {}
        self._slots = self._declared.get("slots") or program.workers
        self._first_number = 1 + sum(one["slots"] or program.workers
                                     for one in self.library.workers[:index])
        self._pool = program.settings["pool"]
        self._own = threading.local()
        self._numbers = itertools.count(self._first_number)
        self._first_pid = os.getpid()
        if self._pool == "prefork":
            self._objects = process_objects.make_objects(
                program, multiprocessing.get_context("fork"))
        else:
            self._objects = thread_objects.make_objects(program)
        self.app = celery_app.build(self.library, self._execute)
        self._connect()

    def start(self):
        name = self._declared.get("name") or "worker"
        queues = self._declared.get("queues") or self.library.used_queues()
        options = {"prefetch_multiplier": self._declared["prefetch"]} \
            if self._declared.get("prefetch") is not None else {}
        worker = self.app.Worker(
            hostname="%s@%s" % (name, self.library.token), pool=self._pool,
            concurrency=self._slots, queues=[self.library.queue_name(one) for one in queues],
            loglevel="ERROR", without_gossip=True, without_mingle=True, without_heartbeat=True,
            optimization="fair", quiet=True, **options)
        announce.name_thread(name)
        announce.role("worker" if self._pool == "solo" else "control")
        worker.start()
        return worker.exitcode or 0

    # --- what Celery says of tasks: their ends are everybody's business

    def _connect(self):
        def connect(name, receiver):
            getattr(signals, name).connect(receiver, weak=False)

        connect("worker_ready", lambda **_: ring(0, READY))
        connect("worker_process_init", lambda **_: self._begin_child())
        connect("task_postrun", self._after)
        connect("task_failure", self._failed)
        connect("task_revoked", self._revoked)

    def _begin_child(self):
        if os.getpid() == self._first_pid:
            return
        from billiard.process import current_process
        self._become(self._first_number + (getattr(current_process(), "index", None) or 0))

    def _become(self, number):
        """The calling thread executes tasks."""
        name = "worker %d" % number
        announce.name_thread(name)
        announce.role("worker")
        self._own.number = number
        for declared, made in zip(self._program.objects, self._objects):
            if declared.kind == QUEUE and self._pool == "prefork":
                made.number_items(number, declared.id)
        self._own.execution = Execution(self._program, self._block, self._objects, _Spawner(self))

    def _after(self, task_id=None, state=None, **_):
        number = self.library.task_number(task_id)
        if not number:
            return
        if state == "RETRY" or state == "REJECTED":
            self._block.set_phase(number, SUBMITTED)
        else:
            self._end(number, DONE if state == "SUCCESS" else FAILED)

    def _failed(self, task_id=None, **_):
        # Of one that runs here its end tells; of one whose process was lost nobody else does.
        if self._pool == "prefork" and os.getpid() == self._first_pid:
            number = self.library.task_number(task_id)
            if number:
                self._end(number, FAILED)

    def _revoked(self, request=None, **_):
        number = self.library.task_number(request.id)
        if number:
            self._end(number, CANCELLED)

    def _end(self, number, end):
        self._block.end_wait(number)
        self._block.set_phase(number, ENDED)
        parent = self._program.task(number).parent
        if parent:
            self._block.set_waker(parent, number)
        ring(number, end)

    # --- a task

    def _execute(self, task, number):
        if not hasattr(self._own, "execution"):
            self._become(next(self._numbers))
        self._block.set_phase(number, STARTED)
        self._block.set_worker(number, self._own.number)
        begun = self._block.begin_try(number)
        if self._own.execution.try_task(number, begun):
            return "x" * self._program.task(number).result
        tries = task.request.retries
        if tries < self._program.task(number).retries:
            delay = self.library.retry_delay_ns(number, tries) / 1e9
            raise task.retry(countdown=delay)
        raise TaskFailed()


def main(program, block, index):
    return _Worker(program, block, index).start()
