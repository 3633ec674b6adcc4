# SPDX-License-Identifier: GPL-3.0-or-later
# How workers tell the first process of ends: a pipe that all of them inherit. A message is small
# enough to be written whole.
import os
import struct

_MESSAGE = struct.Struct("Ii")
READY = -1  # in place of an end, of no task


class Bell:
    def __init__(self):
        self.reader, self.writer = os.pipe()
        os.set_inheritable(self.writer, True)

    def read(self):
        """Messages (task, end), at least one."""
        data = os.read(self.reader, _MESSAGE.size * 1024)
        return list(_MESSAGE.iter_unpack(data))


def ring(task, end):
    os.write(int(os.environ["INTERLEAVE_BELL"]), _MESSAGE.pack(task, end))
