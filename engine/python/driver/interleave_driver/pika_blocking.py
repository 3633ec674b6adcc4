# SPDX-License-Identifier: GPL-3.0-or-later
# A publisher and a consumer over pika's BlockingConnection: one thing after the other.
import os
import signal
import struct
import time

import pika

from . import announce
from .bell import READY, ring
from .execution import Execution, Hooks
from .names import BLOCKED, CONFIRM, RUNNING, STARTED, WAITING_IO
from .pika_delivery import Deliveries, reply_of
from .pika_roles import NOTHING, RECEIVED

_NUMBER = struct.Struct("I")
_LOOK_S = 0.05  # how often an idle consumer looks whether it was asked something
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.001, 0.05


class _Publishing(Hooks):
    """What Publish steps do. The connection is made when it is needed."""

    def __init__(self, library, space):
        self._library = library
        self._confirms = library.program.settings["confirms"] != "none"
        self._connection = self._channel = self._reply_queue = None
        self._waited_for = None  # correlation id of a reply
        self._task = 0
        if space is not None and self._confirms:
            import pika.channel
            # When it has been sent it waits for the confirm.
            space["wrap"](pika.channel.Channel, "basic_publish", lambda *_, **__: True,
                          self._begin_confirm)

    def connect(self):
        if self._connection is None:
            self._connection = pika.BlockingConnection(self._library.parameters())
            self._channel = self._connection.channel()
            if self._confirms:
                self._channel.confirm_delivery()

    def close(self):
        if self._connection is not None:
            self._connection.close()

    def publish(self, frame, action):
        self.connect()
        for message in self._library.messages_of(frame.task.id, action):
            reply_to = self._reply_to() if message.options["reply"] else None
            if not self._send(frame.task.id, action, message, reply_to):
                return False
            if reply_to and not self._await_reply(frame.task.id, action, message):
                return False
        return True

    def answer(self, task, role, properties):
        self.connect()
        self._channel.basic_publish(**reply_of(self._library, role, task, properties))

    def _send(self, task, action, message, reply_to):
        library, pause = self._library, _FIRST_PAUSE_S
        while True:
            try:
                self._task = task
                self._channel.basic_publish(
                    library.exchange_name(message.exchange), message.key, b"." * message.bytes,
                    library.properties(message, reply_to), message.options["mandatory"])
                return True
            except pika.exceptions.UnroutableError:
                return True  # it came back, which was asked for
            except pika.exceptions.NackError:
                queue = library.refusing_queue(message)
                announce.message_overflowed(library.told(message), queue)
                if not library.gets_emptied(queue):
                    announce.complain("A task failed: its queue is full and nobody takes "
                                      "messages out of it.")
                    return False
                announce.state(task, BLOCKED, queue, action.step)
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)
            finally:
                self._task = 0
                announce.state(task, RUNNING, 0, action.step)

    def _begin_confirm(self, token, result, failed):
        if self._task:
            announce.state(self._task, BLOCKED, 0, self._library.program.extra_step(CONFIRM))

    # --- replies

    def _reply_to(self):
        if self._reply_queue is None:
            made = self._channel.queue_declare("", exclusive=True, auto_delete=True)
            self._reply_queue = made.method.queue
            self._channel.basic_consume(self._reply_queue, self._take_reply, auto_ack=True)
        return self._reply_queue

    def _take_reply(self, channel, method, properties, body):
        if properties.correlation_id == self._waited_for:
            self._waited_for = None

    def _await_reply(self, task, action, message):
        self._waited_for = self._library.message_id(message)
        until = time.monotonic() + self._library.program.settings["reply_timeout"]
        announce.state(task, WAITING_IO, 0, action.step)
        while self._waited_for is not None and time.monotonic() < until:
            self._connection.process_data_events(max(0, until - time.monotonic()))
        announce.state(task, RUNNING, 0, action.step)
        if self._waited_for is not None:
            announce.complain("A task failed: no reply came within %g s (reply_timeout)."
                              % self._library.program.settings["reply_timeout"])
        return self._waited_for is None


def publish(library, role, space, work):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the end of the work is what ends it
    publishing = _Publishing(library, space)
    publishing.connect()
    execution = Execution(library.program, library.block, [], publishing)
    ring(0, READY)
    while True:
        number = os.read(work, _NUMBER.size)
        if not number:
            break
        task, = _NUMBER.unpack(number)
        ring(task, execution.run_to_end(task))
    publishing.close()


class _Consumer:
    def __init__(self, library, role, space):
        self._library = library
        self._block = library.block
        self._role = role
        self._publishing = _Publishing(library, space)
        self._execution = Execution(library.program, library.block, [], self._publishing)
        self._connection = pika.BlockingConnection(library.parameters())
        self._channel = self._connection.channel()
        self._deliveries = Deliveries(library, role, self._channel)
        self._received = 0
        self._answered = 0
        self._is_over = False

    def run(self):
        signal.signal(signal.SIGTERM, self._stop)
        self._channel.basic_qos(prefetch_count=self._library.program.settings["prefetch"])
        self._channel.basic_consume(self._library.queue_name(self._role.queue), self._take,
                                    auto_ack=self._role.acks_itself)
        ring(0, READY)
        while not self._is_over:
            self._connection.process_data_events(_LOOK_S)
            self._look()
        self._publishing.close()
        self._connection.close()

    def _stop(self, *_):
        self._is_over = True

    def _take(self, channel, method, properties, body):
        self._received += 1
        ring(0, RECEIVED)
        task = self._deliveries.task_of(properties)
        if not task:
            self._deliveries.acknowledge(method.delivery_tag)
            return
        self._block.set_phase(task, STARTED)
        try_index = self._block.begin_try(task)
        if self._execution.try_task(task, try_index):
            if properties.reply_to:
                self._publishing.answer(task, self._role, properties)
            self._deliveries.succeed(task, method.delivery_tag)
            return
        wait = self._deliveries.fail(task, method.delivery_tag, properties, try_index)
        if wait is not None:
            time.sleep(wait)
            self._deliveries.give_back(task, method.delivery_tag)

    def _look(self):
        """Answers come behind deliveries of the same channel: what was under way before is here
        after them."""
        request = self._block.asked_look()
        if request == self._answered:
            return
        before = self._received
        queue = self._library.queue_name(self._role.queue)
        ready = sum(self._channel.queue_declare(queue, passive=True).method.message_count
                    for _ in range(2))
        self._connection.process_data_events(0)
        if ready == 0 and self._received == before:
            self._answered = request
            ring(request, NOTHING)


def consume(library, role, space):
    _Consumer(library, role, space).run()
