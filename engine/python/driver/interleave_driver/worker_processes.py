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
    def __init__(self, library, count):
        """Returns when all of them are ready."""
        self._library = library
        self._bell = Bell()
        environment = dict(os.environ, INTERLEAVE_BELL=str(self._bell.writer))
        self._processes = [
            subprocess.Popen([sys.executable, "-I", sys.argv[0], sys.argv[1], "--worker", str(index)],
                             pass_fds=(self._bell.writer,), env=environment)
            for index in range(count)]
        ready = 0
        while ready < count:
            ready += sum(end == READY for _, end in self.hear(1))

    def hear(self, seconds):
        """Messages (task, end) that came meanwhile."""
        if select.select([self._bell.reader], [], [], seconds)[0]:
            return self._bell.read()
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
