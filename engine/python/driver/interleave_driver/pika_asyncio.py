# SPDX-License-Identifier: GPL-3.0-or-later
# A publisher and a consumer over pika's AsyncioConnection: coroutines of one event loop. A consumer
# handles as many messages at once as it may hold.
import asyncio
import os
import signal
import struct
import sys

from pika.adapters.asyncio_connection import AsyncioConnection

from . import announce
from .bell import READY as IS_READY
from .bell import ring
from .coroutine_steps import Frame, Steps
from .names import BLOCKED, CONFIRM, ENDED, PUBLISH, STARTED, WAITING_IO
from .pika_delivery import Deliveries, reply_of
from .pika_roles import NOTHING, RECEIVED

_NUMBER = struct.Struct("I")
_LOOK_S = 0.05
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.001, 0.05


async def _asked(loop, ask, *arguments, **options):
    """What pika answers by a callback."""
    answer = loop.create_future()
    ask(*arguments, callback=answer.set_result, **options)
    return await answer


def _give_up(sentence):
    """Whatever waits for the broker would wait for ever."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
    os._exit(1)


class _Link:
    """A connection with one channel."""

    def __init__(self, library, loop):
        self._library = library
        self._loop = loop
        self._is_closing = False

    async def open(self):
        opened = self._loop.create_future()
        self._connection = AsyncioConnection(
            self._library.parameters(), on_open_callback=opened.set_result,
            on_open_error_callback=lambda _, error: opened.set_exception(error),
            on_close_callback=self._closed, custom_ioloop=self._loop)
        await opened
        channel = self._loop.create_future()
        self._connection.channel(on_open_callback=channel.set_result)
        self.channel = await channel

    def _closed(self, connection, reason):
        if not self._is_closing:
            _give_up("The connection to the broker was lost: %s" % reason)

    async def close(self):
        self._is_closing = True
        self._connection.close()
        while not self._connection.is_closed:
            await asyncio.sleep(0.001)


class _Publishing(Steps):
    """The steps of tasks; Publish steps over a connection that is made when it is needed."""

    def __init__(self, library, loop):
        super().__init__(library.program, library.block, loop)
        self._library = library
        self._link = self._reply_queue = None
        self._sequence = 0
        self._unconfirmed = {}  # by number of the publish: (message, future)
        self._replies = {}  # by correlation id: futures
        self._opening = asyncio.Lock()
        self._do[PUBLISH] = self._publish

    async def connect(self):
        async with self._opening:
            if self._link is None:
                link = _Link(self._library, self._loop)
                await link.open()
                if self._library.program.settings["confirms"] != "none":
                    await _asked(self._loop, link.channel.confirm_delivery, self._take_confirm)
                self._link = link

    async def close(self):
        self._connections.close()
        if self._link is not None:
            await self._link.close()

    async def _publish(self, frame, action):
        frame.resume(action.step)
        await self.connect()
        each = self._library.program.settings["confirms"] == "each"
        open_ones = []
        for message in self._library.messages_of(frame.task.id, action):
            reply_to = await self._reply_to() if message.options["reply"] else None
            answer = self._expect(message) if reply_to else None
            open_ones.append((message, self._send(message, reply_to)))
            if each or reply_to:
                if not await self._settle(frame, action, open_ones):
                    return False
            if reply_to and not await self._await_reply(frame, action, answer):
                return False
        return await self._settle(frame, action, open_ones)

    async def answer(self, task, role, properties):
        await self.connect()
        self._count_publish(None)
        self._link.channel.basic_publish(**reply_of(self._library, role, task, properties))

    # --- confirms

    def _send(self, message, reply_to=None):
        library = self._library
        confirmed = self._count_publish(message)
        self._link.channel.basic_publish(
            library.exchange_name(message.exchange), message.key, b"." * message.bytes,
            library.properties(message, reply_to), message.options["mandatory"])
        return confirmed

    def _count_publish(self, message):
        if self._library.program.settings["confirms"] == "none":
            return None
        self._sequence += 1
        confirmed = self._loop.create_future()
        self._unconfirmed[self._sequence] = (message, confirmed)
        return confirmed

    def _take_confirm(self, frame):
        method = frame.method
        is_accepted = method.NAME == "Basic.Ack"
        upto = [one for one in self._unconfirmed if one <= method.delivery_tag] \
            if method.multiple else [method.delivery_tag]
        for sequence in upto:
            message, confirmed = self._unconfirmed.pop(sequence)
            if message is not None:
                announce.message_confirmed(self._library.told(message), 1 if is_accepted else 0)
            confirmed.set_result(is_accepted)

    async def _settle(self, frame, action, open_ones):
        """Waits for the confirms; what was not taken over is sent again."""
        pause = _FIRST_PAUSE_S
        while open_ones and open_ones[0][1] is not None:
            message, confirmed = open_ones.pop(0)
            if not confirmed.done():
                frame.suspend(BLOCKED, self._program.extra_step(CONFIRM))
            if await confirmed:
                frame.resume(action.step)
                continue
            queue = self._library.refusing_queue(message)
            announce.message_overflowed(self._library.told(message), queue)
            if not self._library.gets_emptied(queue):
                announce.complain("A task failed: its queue is full and nobody takes messages "
                                  "out of it.")
                return False
            frame.suspend(BLOCKED, action.step, queue)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            frame.again(action.step)
            open_ones.append((message, self._send(message)))
        open_ones.clear()
        return True

    # --- replies

    async def _reply_to(self):
        if self._reply_queue is None:
            made = await _asked(self._loop, self._link.channel.queue_declare, "", exclusive=True,
                                auto_delete=True)
            self._reply_queue = made.method.queue
            await _asked(self._loop, self._link.channel.basic_consume, self._reply_queue,
                         self._take_reply, auto_ack=True)
        return self._reply_queue

    def _expect(self, message):
        answer = self._replies[self._library.message_id(message)] = self._loop.create_future()
        return answer

    def _take_reply(self, channel, method, properties, body):
        answer = self._replies.pop(properties.correlation_id, None)
        if answer is not None:
            answer.set_result(True)

    async def _await_reply(self, frame, action, answer):
        frame.suspend(WAITING_IO, action.step)
        timeout = self._program.settings["reply_timeout"]
        done, _ = await asyncio.wait([answer], timeout=timeout)
        frame.again(action.step)
        if not done:
            announce.complain("A task failed: no reply came within %g s (reply_timeout)." % timeout)
        return bool(done)


def _run(main):
    """`main(loop)` is the process."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(main(loop))
    finally:
        loop.close()


def publish(library, role, space, work):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the end of the work is what ends it
    block = library.block

    async def main(loop):
        publishing = _Publishing(library, loop)
        await publishing.connect()
        os.set_blocking(work, False)
        ring(0, IS_READY)
        while True:
            number = await _next_of(loop, work)
            if not number:
                break
            task, = _NUMBER.unpack(number)
            end = await publishing.perform(task)
            announce.state(task, end)
            block.set_phase(task, ENDED)
            ring(task, end)
        await publishing.close()

    _run(main)


async def _next_of(loop, work):
    """Several processes read there; another may be quicker."""
    while True:
        readable = loop.create_future()
        loop.add_reader(work, readable.set_result, True)
        await readable
        loop.remove_reader(work)
        try:
            return os.read(work, _NUMBER.size)
        except BlockingIOError:
            continue


class _Consumer:
    def __init__(self, library, role, loop):
        self._library = library
        self._block = library.block
        self._role = role
        self._loop = loop
        self._steps = _Publishing(library, loop)
        self._link = _Link(library, loop)
        self._received = self._answered = 0
        self._under_way = set()
        self._stopped = loop.create_future()

    async def run(self):
        await self._link.open()
        channel = self._link.channel
        self._deliveries = Deliveries(self._library, self._role, channel)
        self._loop.add_signal_handler(
            signal.SIGTERM, lambda: self._stopped.done() or self._stopped.set_result(True))
        await _asked(self._loop, channel.basic_qos,
                     prefetch_count=self._library.program.settings["prefetch"])
        await _asked(self._loop, channel.basic_consume,
                     self._library.queue_name(self._role.queue), self._take,
                     auto_ack=self._role.acks_itself)
        ring(0, IS_READY)
        while not self._stopped.done():
            await asyncio.wait([self._stopped], timeout=_LOOK_S)
            await self._look()
        await self._steps.close()
        await self._link.close()

    def _take(self, channel, method, properties, body):
        self._received += 1
        ring(0, RECEIVED)
        task = self._deliveries.task_of(properties)
        if not task:
            self._deliveries.acknowledge(method.delivery_tag)
            return
        handling = self._loop.create_task(self._handle(task, method.delivery_tag, properties))
        self._under_way.add(handling)
        handling.add_done_callback(self._handled)

    def _handled(self, handling):
        self._under_way.discard(handling)
        if handling.exception() is not None:
            _give_up("A message could not be handled: %r" % handling.exception())

    async def _handle(self, task, tag, properties):
        self._block.set_phase(task, STARTED)
        try_index = self._block.begin_try(task)
        frame = Frame(self._library.program.task(task), self._block, try_index)
        if await self._steps.try_task(frame):
            if properties.reply_to:
                await self._steps.answer(task, self._role, properties)
            self._deliveries.succeed(task, tag)
            return
        wait = self._deliveries.fail(task, tag, properties, try_index)
        if wait is not None:
            await asyncio.sleep(wait)
            self._deliveries.give_back(task, tag)

    async def _look(self):
        request = self._block.asked_look()
        if request == self._answered or self._under_way:
            return
        before, ready = self._received, 0
        for _ in range(2):
            state = await _asked(self._loop, self._link.channel.queue_declare,
                                 self._library.queue_name(self._role.queue), passive=True)
            ready += state.method.message_count
        if ready == 0 and self._received == before and not self._under_way:
            self._answered = request
            ring(request, NOTHING)


def consume(library, role, space):
    _run(lambda loop: _Consumer(library, role, loop).run())
