# SPDX-License-Identifier: GPL-3.0-or-later
# The worker processes of a library: this program again, with a number. They tell of tasks by the
# bell.
import os
import select
import signal
import subprocess
import sys

from .bell import READY, Bell

_LONGEST_STOP_S = 4


class WorkerProcesses:
    def __init__(self, library, count, inherited=None):
        """Returns when all of them are ready. `inherited`: descriptors by the names of variables
        that tell them."""
        self._library = library
        self._bell = Bell()
        inherited = dict(inherited or {}, INTERLEAVE_BELL=self._bell.writer)
        environment = dict(os.environ)
        environment.update((name, str(fd)) for name, fd in inherited.items())
        self._processes = [
            subprocess.Popen([sys.executable, "-I", sys.argv[0], sys.argv[1], "--worker", str(index)],
                             pass_fds=tuple(inherited.values()), env=environment)
            for index in range(count)]
        ready = 0
        while ready < count:
            ready += sum(end == READY for _, end in self.hear(1))

    def hear(self, seconds, also=()):
        """Messages (task, end) that came meanwhile; none, too, when one of `also` is readable."""
        readable = select.select([self._bell.reader, *also], [], [], seconds)[0]
        if self._bell.reader in readable:
            return self._bell.read()
        if readable:
            return []
        for process in self._processes:
            if process.poll() is not None:
                raise SystemExit("A worker of %s ended with exit code %d."
                                 % (self._library, process.returncode))
        return []

    def stop(self):
        for process in self._processes:
            process.send_signal(signal.SIGTERM)  # a warm shutdown
        for process in self._processes:
            try:
                process.wait(_LONGEST_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
