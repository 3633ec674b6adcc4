# SPDX-License-Identifier: GPL-3.0-or-later
# The first process of the model pika: makes exchanges and queues, starts the publishers and the
# consumers, hands out the tasks that no message brings about, and finds out when no message can
# bring another about any more.
import collections
import os
import struct
import time

import pika

from . import announce
from .library import NO_BROKER, RUN_VARIABLE, give_up
from .names import CANCELLED, ENDED, QUEUED, SUBMITTED
from .pika_library import PikaLibrary
from .pika_roles import NOTHING, RECEIVED, WORK_VARIABLE, roles_of
from .pika_topology import Topology
from .schedule import Schedule
from .worker_processes import WorkerProcesses

_CALM_S = 0.05  # without news, before it is asked whether there is anything left
_KEEP_S = 30
_MOST_HANDED_OUT = 1000  # they lie in a pipe
_NUMBER = struct.Struct("I")


def prepare(program, block):
    library = PikaLibrary(program, block)
    os.environ[RUN_VARIABLE] = library.token
    library.hook()
    try:
        parameters = library.parameters()
        parameters.connection_attempts = 1
        topology = Topology(library, pika.BlockingConnection(parameters))
        topology.declare()
    except (pika.exceptions.AMQPError, OSError, ValueError) as error:
        give_up("No broker answers as the model pika needs it (%s); start one (packaging/broker "
                "start), or give another URL with --broker." % _reason(error), NO_BROKER)
    return library, topology


def _reason(error):
    """pika wraps what has happened in errors of its own, which say nothing."""
    while True:
        inner = getattr(error, "exception", None) or (error.args[0] if error.args else None)
        if not isinstance(inner, BaseException):
            return str(error).strip().rstrip(".") or type(error).__name__
        error = inner


class _Control:
    def __init__(self, program, block, library, topology):
        self._program = program
        self._block = block
        self._library = library
        self._topology = topology
        self._schedule = Schedule(program, block)
        self._over = set()
        self._to_hand_out = collections.deque()
        self._handed_out = 0
        self._news_s = self._kept_s = time.monotonic()
        self._roles = roles_of(library)
        self._answers = None  # of consumers, while they are asked
        self._rounds = 0
        reader, self._work = os.pipe()
        self._workers = WorkerProcesses("pika", len(self._roles), {WORK_VARIABLE: reader})
        os.close(reader)

    def run(self):
        while not self._schedule.all_ended():
            self._submit()
            wait = self._schedule.seconds_to_next()
            is_calm = wait is None and not self._to_hand_out and not self._handed_out
            messages = self._workers.hear(min(wait, 1) if wait is not None
                                          else _CALM_S if is_calm else 1)
            for number, what in messages:
                self._take(number, what)
            if is_calm and self._to_hand_out:
                continue
            if is_calm and time.monotonic() - self._news_s > _CALM_S:
                self._look()
            self._keep()

    def stop(self):
        os.close(self._work)  # which ends the publishers
        self._workers.stop()
        self._topology.remove()

    # --- the tasks that no message brings about

    def _submit(self):
        for task in self._schedule.take_due():
            announce.spawned(task, 0)
            announce.state(task, QUEUED, 0, 0, True)
            self._block.set_phase(task, SUBMITTED)
            self._to_hand_out.append(task)
        while self._to_hand_out and self._handed_out < _MOST_HANDED_OUT:
            os.write(self._work, _NUMBER.pack(self._to_hand_out.popleft()))
            self._handed_out += 1

    def _take(self, number, what):
        if what == NOTHING:
            if self._answers is not None and number == self._block.asked_look():
                self._answers += 1
            return
        self._news_s = time.monotonic()
        self._answers, self._rounds = None, 0
        if what != RECEIVED and number and number not in self._over:
            self._over.add(number)
            self._handed_out -= 0 if self._library.more(number).get("handles") else 1
            self._schedule.ended(number, what)

    # --- what no message will bring about

    def _look(self):
        """Twice in a row nobody has found anything or done anything meanwhile: what one consumer
        gives back another may have got between their answers."""
        consumers = sum(role.queue != 0 for role in self._roles)
        if self._answers is None:
            if self._topology.is_nothing_waiting():
                self._answers = 0
                self._block.ask_look()
        elif self._answers == consumers:
            self._answers = None
            self._rounds = self._rounds + 1 if self._topology.is_nothing_waiting() else 0
            if self._rounds == 2:
                self._cancel_rest()

    def _cancel_rest(self):
        for task in self._program.tasks:
            if task.id in self._over:
                continue
            if self._block.phase(task.id) == SUBMITTED:
                self._tell_gone(task.id)
            announce.state(task.id, CANCELLED)
            self._block.set_phase(task.id, ENDED)
            self._over.add(task.id)
            self._schedule.ended(task.id, CANCELLED)

    def _tell_gone(self, task):
        """It lay in its queue, and has left it in a way that nobody tells: as the queue has it."""
        queue = self._library.more(task)["handles"]
        message = self._library.message_for(task)
        declared = self._library.queues[queue]
        if declared["ttl_ns"] or message.options["expires_ns"]:
            announce.message_expired(self._library.told(message), queue)
        elif declared["max_length"]:
            announce.message_overflowed(self._library.told(message), queue)

    def _keep(self):
        if time.monotonic() - self._kept_s > _KEEP_S:
            self._kept_s = time.monotonic()
            self._topology.keep()


def run(program, block, speeds, prepared):
    announce.name_thread("control")
    announce.role("control")
    control = _Control(program, block, *prepared)
    control.run()
    control.stop()
