# SPDX-License-Identifier: GPL-3.0-or-later
# The exchanges, queues and bindings of a scenario, at the broker under names of this run alone.
import contextlib

import pika

from .library import LEFT_BEHIND_MS


def _arguments_of(library, queue):
    arguments = {"x-expires": LEFT_BEHIND_MS}
    if queue["ttl_ns"]:
        arguments["x-message-ttl"] = queue["ttl_ns"] // 1000000
    if queue["max_length"]:
        arguments["x-max-length"] = queue["max_length"]
        arguments["x-overflow"] = "reject-publish" if queue["rejects"] else "drop-head"
    if queue["dead_exchange"] is not None:
        arguments["x-dead-letter-exchange"] = library.exchange_name(queue["dead_exchange"])
    if queue["dead_key"] is not None:
        arguments["x-dead-letter-routing-key"] = queue["dead_key"]
    if queue["max_priority"]:
        arguments["x-max-priority"] = queue["max_priority"]
    return arguments


def _match_of(bind):
    return dict(bind["headers"], **{"x-match": "any" if bind["any"] else "all"})


class Topology:
    def __init__(self, library, connection):
        self._library = library
        self._connection = connection
        self._channel = connection.channel()
        # Where messages wait that come to a handler by themselves, when they have expired there.
        expires = any(publish["expires_ns"] for task in library.program.tasks
                      for publish in library.more(task.id).get("publishes", {}).values())
        handled = {template["handles"] for template in library.templates}
        self._waiting = [number for number, queue in library.queues.items()
                         if number not in handled and queue["dead_exchange"] is not None
                         and (queue["ttl_ns"] or expires)]
        self._unread = [number for number in library.queues if number not in handled]

    def declare(self):
        library, channel = self._library, self._channel
        channel.exchange_declare(library.exchange_name(0), "direct", auto_delete=True)
        for number, exchange in library.exchanges.items():
            alternate = exchange["alternate"]
            arguments = {"alternate-exchange": library.exchange_name(alternate)} \
                if alternate else None
            channel.exchange_declare(library.exchange_name(number), exchange["kind"],
                                     durable=exchange["durable"], auto_delete=True,
                                     arguments=arguments)
        for number, queue in library.queues.items():
            name = library.queue_name(number)
            channel.queue_declare(name, durable=queue["durable"],
                                  arguments=_arguments_of(library, queue))
            channel.queue_bind(name, library.exchange_name(0), queue["name"])
            for bind in queue["bindings"]:
                kind = library.exchanges[bind["exchange"]]["kind"]
                channel.queue_bind(name, library.exchange_name(bind["exchange"]), bind["key"],
                                   arguments=_match_of(bind) if kind == "headers" else None)

    def is_nothing_waiting(self):
        return all(self._channel.queue_declare(self._library.queue_name(number),
                                               passive=True).method.message_count == 0
                   for number in self._waiting)

    def keep(self):
        """A queue that nobody takes from is not left behind while the run goes on."""
        for number in self._unread:
            self._channel.queue_declare(self._library.queue_name(number), passive=True)

    def remove(self):
        library, channel = self._library, self._channel
        with contextlib.suppress(pika.exceptions.AMQPError):
            for number in library.queues:
                channel.queue_delete(library.queue_name(number))
            for number in list(library.exchanges) + [0]:
                channel.exchange_delete(library.exchange_name(number))
            self._connection.close()
