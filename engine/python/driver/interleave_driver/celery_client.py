# SPDX-License-Identifier: GPL-3.0-or-later
# The first process of the model celery: starts Celery's workers, sends the tasks when they are due,
# hears of their ends, stops the workers and removes the queues.
import os

import celery

from . import announce, celery_app
from .celery_results import Results
from .library import NO_BROKER, RUN_VARIABLE, Library, give_up
from .names import CANCELLED, DONE, ENDED, SUBMITTED, UNBORN
from .schedule import Schedule
from .worker_processes import WorkerProcesses


def prepare(program, block):
    """Before the scenario counts as begun: is there a broker?"""
    library = Library(program)
    os.environ[RUN_VARIABLE] = library.token
    celery_app.hook(library)
    app = celery_app.build(library, lambda task, number: None)
    url = app.connection().as_uri()  # without the password
    try:
        with app.connection_for_write(connect_timeout=10) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0)
    except Exception as error:
        give_up("No broker answers at %s (%s); start one (packaging/broker start), or give another "
                "URL with --broker." % (url, str(error).strip() or type(error).__name__), NO_BROKER)
    return library, app


class _Client:
    def __init__(self, program, block, library, app):
        self._program = program
        self._block = block
        self._library = library
        self._app = app
        self._schedule = Schedule(program, block)
        self._chords = celery_app.chords(library)
        self._of_chords = {member: last for last, members in self._chords.items()
                           for member in members}
        self._sent = set()
        self._over = set()
        self._results = Results(library, app)
        self._workers = WorkerProcesses("Celery", max(1, len(library.workers)))

    def stop(self):
        self._results.take_rest()
        self._workers.stop()
        with self._app.connection_for_write() as connection:
            for number in self._library.used_queues():
                connection.default_channel.queue_delete(self._library.queue_name(number))

    # --- tasks

    def run(self):
        while not self._schedule.all_ended():
            for task in self._schedule.take_due():
                self._submit(task)
            if self._schedule.all_ended():
                break
            wait = self._schedule.seconds_to_next()
            self._results.take_what_came()
            for task, end in self._workers.hear(1 if wait is None else min(wait, 1),
                                                self._results.files()):
                if task:
                    self._end(task, end)

    def _submit(self, task):
        if task in self._sent or task in self._chords or self._library.more(task).get("chained"):
            if self._block.phase(task) == UNBORN:
                self._block.set_phase(task, SUBMITTED)  # Celery sends it itself
            return
        last = self._of_chords.get(task)
        tasks = self._chords[last] if last else [task]
        self._sent.update(tasks)
        for one in tasks:
            self._block.set_phase(one, SUBMITTED)
        if last:
            celery.chord([self._signature(one) for one in tasks])(self._signature(last))
            return
        chain = self._library.chain_from(task)
        if len(chain) > 1:
            sent = celery.chain(*[self._signature(one) for one in chain]).apply_async()
        else:
            sent = self._signature(task).apply_async()
        self._results.expect(sent, chain)

    def _signature(self, task):
        return celery_app.signature(self._app, self._library, task)

    def _end(self, task, end):
        if task in self._over:
            return
        self._over.add(task)
        self._schedule.ended(task, end)
        if end != DONE:  # the rest of its chain will never begin
            for one in self._library.chain_from(task)[1:]:
                announce.state(one, CANCELLED)
                self._block.set_phase(one, ENDED)
                self._over.add(one)
                if not getattr(self._program.task(one), "is_chained", False):
                    self._schedule.ended(one, CANCELLED)


def run(program, block, speeds, prepared):
    announce.name_thread("control")
    announce.role("control")
    client = _Client(program, block, *prepared)
    client.run()
    client.stop()
