# SPDX-License-Identifier: GPL-3.0-or-later
# The client of the loopback server (engine/scenario/loopback.h): a kept connection, one request at
# a time. A plain blocking socket: a request is one send, its answer one recv unless it is long.
import socket


class LoopbackError(Exception):
    pass


def request_of(action):
    return b"GET /?delay_ns=%d&bytes=%d HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % (
        action.duration_ns, action.bytes)


def length_of(head):
    """Of the body that follows; `head` without its empty line."""
    lines = head.split(b"\r\n")
    if not lines[0].startswith(b"HTTP/1.1 200 "):
        raise LoopbackError("The loopback server answered %r." % lines[0].decode("latin-1"))
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise LoopbackError("The loopback server's answer has no Content-Length.")


class Client:
    def __init__(self, port):
        self._port = port
        self._socket = None

    def send(self, action):
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request_of(action))

    def receive(self):
        """Waits for the whole answer."""
        head, missing = b"", None
        while missing is None or missing > 0:
            got = self._socket.recv(65536)
            if not got:
                raise LoopbackError("The loopback server closed the connection.")
            if missing is not None:
                missing -= len(got)
                continue
            head += got
            end = head.find(b"\r\n\r\n")
            if end >= 0:
                missing = length_of(head[:end]) - (len(head) - end - 4)

    def close(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None
