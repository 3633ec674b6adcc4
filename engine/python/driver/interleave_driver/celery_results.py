# SPDX-License-Identifier: GPL-3.0-or-later
# The results that come back to the client as messages, which it takes as they come: by Celery's own
# consumer, as result.get() does.
import socket
import time

_LONGEST_S = 2  # for what is under way at the end


class Results:
    def __init__(self, library, app):
        self._library = library
        self._backend = app.backend
        self._missing = set()
        self._comes_by_message = type(app.backend).__module__ == "celery.backends.rpc"

    def expect(self, sent, chain):
        """Of each task of a chain that has a result; `sent` is that of the last one."""
        if not self._comes_by_message:
            return
        for task in reversed(chain):
            if sent is None:
                return
            if not self._library.template(task)["ignores_result"]:
                self._missing.add(sent.id)
                sent.then(self._take)
            sent = sent.parent

    def _take(self, result):
        self._missing.discard(result.id)

    def files(self):
        """What is readable when there is something to take."""
        connection = self._connection()
        return [] if connection is None else [connection.connection.sock]

    def take_what_came(self):
        while self._take_next(0.001):
            pass

    def take_rest(self):
        """Of a task that was lost with its process none comes."""
        until = time.monotonic() + _LONGEST_S
        while self._missing and time.monotonic() < until:
            if not self._take_next(0.1) and self._connection() is None:
                return

    def _connection(self):
        return getattr(getattr(self._backend, "result_consumer", None), "_connection", None)

    def _take_next(self, seconds):
        connection = self._connection()
        if connection is None:
            return False
        try:
            connection.drain_events(timeout=seconds)
            return True
        except (socket.timeout, OSError):
            return False
