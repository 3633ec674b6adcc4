# SPDX-License-Identifier: GPL-3.0-or-later
# A scenario's messages as pika sends them, and what is told of their ways: where they go at once is
# known beforehand (the routing rules); what a broker did with a dead letter, its headers say.
import os

import pika

from . import announce
from .library import URL_VARIABLE, Library, LibraryNames, load_hooks
from .names import QUEUED, SUBMITTED, UNBORN

TYPE = "interleave"
_SAID_BY_REASON = {"expired": announce.message_expired, "maxlen": announce.message_overflowed}


class Copy:
    __slots__ = ("queue", "handler", "targets", "comes_back")

    def __init__(self, fields):
        # targets: queues that it goes to when it is refused; comes_back: by itself, from there
        self.queue, self.handler, self.targets, self.comes_back = fields


class Message:
    __slots__ = ("number", "exchange", "key", "copies", "routed", "publisher", "bytes", "options")

    def __init__(self, fields, publisher, size, options):
        self.number, self.exchange, self.key, copies, self.routed = fields
        self.copies = [Copy(copy) for copy in copies]
        self.publisher = publisher
        self.bytes = size
        self.options = options

    def copy_in(self, queue):
        return next((copy for copy in self.copies if copy.queue == queue), None)


class PikaLibrary(Library):
    def __init__(self, program, block, token=None):
        super().__init__(program, token)
        self.block = block
        self.names = None  # where nothing is recorded
        self._messages = {}
        self._of_actions = {}
        for task, more in self._tasks.items():
            for index, publish in more.get("publishes", {}).items():
                size = program.task(task).actions[int(index)].bytes
                sent = [Message(fields, task, size, publish) for fields in publish["messages"]]
                self._of_actions[(task, int(index))] = sent
                self._messages.update((message.number, message) for message in sent)

    def hook(self):
        """Before anything connects."""
        space = load_hooks(self, "pika_hooks", kind=PikaNames)
        if space is None:
            return None
        import pika.adapters.blocking_connection
        import pika.channel
        space["hook_pika"](pika.channel)
        space["hook_pika_blocking"](pika.adapters.blocking_connection)
        self.names = space["names"]
        return space

    @staticmethod
    def parameters():
        parameters = pika.URLParameters(os.environ[URL_VARIABLE])
        parameters.heartbeat = 0  # a step may take longer than any
        return parameters

    # --- names

    def exchange_name(self, number):
        """The default exchange is one of our own: it knows this run's queues only, by their names
        in the scenario."""
        return super().exchange_name(number) if number else self.token + "."

    def queue_number(self, name):
        return self._queue_numbers.get(name, self.replies_queue)

    def message_id(self, message):
        return self.task_id(message.number)

    def message_of(self, identity):
        return self._messages.get(self.task_number(identity))

    def messages_of(self, task, action):
        return self._of_actions[(task, action.index)]

    def message_for(self, task):
        """The one that brings it about."""
        return next(message for message in self._messages.values()
                    if any(copy.handler == task for copy in message.copies))

    def told(self, message):
        """Its number in the recording."""
        return self.names.message("id " + self.message_id(message))[0] if self.names else 0

    def properties(self, message, reply_to=None):
        options = message.options
        identity = self.message_id(message)
        expires = options["expires_ns"] // 1000000
        return pika.BasicProperties(
            content_type="application/octet-stream", type=TYPE, message_id=identity,
            headers=options["headers"] or None, priority=options["priority"] or None,
            delivery_mode=2 if options["persistent"] else 1,
            expiration=str(expires) if expires else None, reply_to=reply_to,
            correlation_id=identity if reply_to else None)

    def refusing_queue(self, message):
        """The full queue that a message which the broker did not take was meant for; 0: none is."""
        for copy in message.copies[:message.routed]:
            queue = self.queues[copy.queue]
            if queue["max_length"] and queue["rejects"]:
                return copy.queue
        return 0

    def gets_emptied(self, queue):
        return bool(self.queues[queue]["ttl_ns"]) or any(
            template["handles"] == queue for template in self.templates)

    # --- what is told

    def comes_into_queue(self, task, publisher):
        """A message that brings a task about lies in the task's queue."""
        phase = self.block.phase(task) if task else None
        if phase == UNBORN:
            announce.spawned(task, publisher)
        if phase in (UNBORN, SUBMITTED):
            announce.state(task, QUEUED, 0, 0, True)
            self.block.set_phase(task, SUBMITTED)

    def tell_routes(self, message, number):
        """It is about to be sent."""
        for copy in message.copies[:message.routed]:
            announce.message_routed(number, copy.queue)
            if copy.handler and self.block.phase(copy.handler) == UNBORN:
                self.comes_into_queue(copy.handler, message.publisher)
        if message.routed == 0 and not message.options["mandatory"]:
            announce.message_unroutable(number, 0)

    def tell_dead(self, message, number, queue):
        """It lies in another queue since it left one."""
        announce.message_dead_lettered(number, queue)
        copy = message.copy_in(queue)
        if copy is not None:
            self.comes_into_queue(copy.handler, message.publisher)

    def tell_deaths(self, message, number, queue, headers):
        """By the broker alone, since a consumer refused it: newest first in the header."""
        deaths = []
        for death in headers.get("x-death") or ():
            if death.get("reason") == "rejected":
                break
            deaths.append((self.queue_number(death.get("queue")), death.get("reason"), queue))
            queue = deaths[-1][0]
        for source, reason, target in reversed(deaths):
            _SAID_BY_REASON.get(reason, announce.message_expired)(number, source)
            self.tell_dead(message, number, target)


class PikaNames(LibraryNames):
    def __init__(self, library, name_message):
        super().__init__(library, name_message)
        self._known = {}

    def message(self, key):
        number, is_new = super().message(key)
        if is_new:
            self._known[number] = self._library.message_of(key)
        return number, is_new

    def route(self, message, exchange, routing_key):
        known = self._known.get(message)
        if known is None:
            super().route(message, exchange, routing_key)
        else:
            self._library.tell_routes(known, message)

    def refused(self, message, queue):
        known = self._known.get(message)
        copy = known and known.copy_in(queue)
        for target in copy.targets if copy else ():
            self._library.tell_dead(known, message, target)

    def delivery(self, key, queue, title, headers):
        number = self.message(key)[0]
        known, place = self._known.get(number), self.queue(queue)
        copy = known and known.copy_in(place)
        if not copy or not copy.handler:
            return 0
        self._library.tell_deaths(known, number, place, headers)
        return copy.handler
