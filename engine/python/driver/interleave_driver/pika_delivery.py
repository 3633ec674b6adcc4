# SPDX-License-Identifier: GPL-3.0-or-later
# What becomes of a delivery once its task has been tried: the same over every kind of connection,
# and as the model pubsub has it (engine/models/pubsub/delivery_end.cpp).
import itertools

import pika

from . import announce
from .bell import ring
from .names import DONE, ENDED, FAILED, RETRY, RETRYING, SUBMITTED

_reply_numbers = itertools.count(1)


class Deliveries:
    def __init__(self, library, role, channel):
        self._library = library
        self._program = library.program
        self._block = library.block
        self._role = role
        self._channel = channel

    def task_of(self, properties):
        """0: nobody knows what to do with it, or it has been done."""
        message = self._library.message_of(properties.message_id)
        copy = message.copy_in(self._role.queue) if message else None
        if copy is None or not copy.handler or self._block.has_ended(copy.handler):
            return 0
        return copy.handler

    def acknowledge(self, tag):
        if not self._role.acks_itself:
            self._channel.basic_ack(tag)

    def succeed(self, task, tag):
        self.acknowledge(tag)
        self._end(task, DONE)

    def fail(self, task, tag, properties, try_index):
        """Seconds after which give_back() is due; None: never."""
        copy = self._library.message_of(properties.message_id).copy_in(self._role.queue)
        if self._role.acks_itself:
            self._end(task, FAILED)
        elif try_index >= self._program.task(task).retries:
            if copy.comes_back:
                self.acknowledge(tag)  # refused, it would come round for ever
            else:
                self._channel.basic_reject(tag, requeue=False)
            self._end(task, FAILED)
        elif copy.comes_back:
            self._say_retrying(task)
            self._block.set_phase(task, SUBMITTED)
            self._channel.basic_reject(tag, requeue=False)
        else:
            self._say_retrying(task)
            return self._library.retry_delay_ns(task, try_index) / 1e9
        return None

    def give_back(self, task, tag):
        self._block.set_phase(task, SUBMITTED)
        self._channel.basic_nack(tag, requeue=True)

    def _say_retrying(self, task):
        announce.state(task, FAILED)
        announce.state(task, RETRYING, 0, self._program.extra_step(RETRY), True)

    def _end(self, task, end):
        announce.state(task, end)
        self._block.set_phase(task, ENDED)
        ring(task, end)


def reply_of(library, role, task, properties):
    """What basic_publish() is to send as the answer."""
    identity = "%s-reply-%s-%d" % (library.token, role.name.replace(" ", "-"),
                                   next(_reply_numbers))
    answer = pika.BasicProperties(content_type="application/octet-stream", message_id=identity,
                                  correlation_id=properties.correlation_id)
    return {"exchange": "", "routing_key": properties.reply_to, "properties": answer,
            "body": b"." * library.program.task(task).result}
