# SPDX-License-Identifier: GPL-3.0-or-later
# Requests to the loopback server from coroutines: kept connections, as an HTTP client has them; a
# request beyond the most allowed at once waits for one.
import asyncio

from .loopback import LoopbackError, length_of, request_of
from .names import WAITING_IO


class _Connection(asyncio.Protocol):
    def __init__(self):
        self._transport = None
        self._answer = None
        self._head = b""
        self._missing = None
        self._on_answer = None
        self.is_open = False

    def ask(self, loop, action, on_answer):
        self._answer = loop.create_future()
        self._on_answer = on_answer
        self._head, self._missing = b"", None
        self._transport.write(request_of(action))
        return self._answer

    def close(self):
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport):
        self._transport = transport
        self.is_open = True

    def connection_lost(self, exc):
        self.is_open = False
        self._end(exc or LoopbackError("The loopback server closed the connection."))

    def data_received(self, data):
        if self._missing is None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            try:
                self._missing = length_of(self._head[:end]) - (len(self._head) - end - 4)
            except LoopbackError as trouble:
                self._end(trouble)
                return
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self._end(None)

    def _end(self, trouble):
        answer, self._answer = self._answer, None
        if answer is None or answer.done():
            return
        self._on_answer()
        if trouble is None:
            answer.set_result(None)
        else:
            answer.set_exception(trouble)


class Connections:
    def __init__(self, program, loop):
        self._port = program.port
        self._loop = loop
        self._free = []
        self._room = asyncio.Semaphore(program.settings.get("connections", 100))

    async def exchange(self, frame, action):
        """Returns when the whole answer is there. The frame is suspended meanwhile."""
        frame.suspend(WAITING_IO, action.step)
        await self._room.acquire()
        try:
            connection = await self._take()
            await connection.ask(self._loop, action, lambda: frame.ready(action.step))
            self._free.append(connection)
        finally:
            self._room.release()

    async def _take(self):
        while self._free:
            connection = self._free.pop()
            if connection.is_open:
                return connection
        _, connection = await self._loop.create_connection(_Connection, "127.0.0.1", self._port)
        return connection

    def close(self):
        for connection in self._free:
            connection.close()
