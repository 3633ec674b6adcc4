# SPDX-License-Identifier: GPL-3.0-or-later
# What goes to a worker process and back is really pickled and sent. Markers before and after the
# bytes say when: pickle calls a marker's __reduce__ when it comes to it on the sending side, and
# the function named there when it comes to it on the receiving side.
import threading

from . import announce
from .names import ARGUMENTS, QUEUED, RESULT, TRANSFER

_first_extra_step = 0
_own = threading.local()


def set_up(program):
    global _first_extra_step
    _first_extra_step = program.first_extra_step


def be_control(name):
    """A thread of the pool itself: it executes no task."""
    if not hasattr(_own, "is_named"):
        _own.is_named = True
        announce.name_thread(name)
        announce.role("control")


class Opening:
    """Before an argument."""

    def __init__(self, task, shows):
        self._task = task
        self._shows = shows

    def __reduce__(self):
        be_control("arguments")
        if self._shows:
            announce.state(self._task, TRANSFER, 0, _first_extra_step + ARGUMENTS, True)
        return _argument_arrives, (self._task,)


def _argument_arrives(task):
    announce.state(task, TRANSFER, 0, _first_extra_step + ARGUMENTS)
    return task


class Closing:
    """After an argument: if no worker waits for it, it lies in the pipe."""

    def __init__(self, task, is_awaited):
        self._task = task
        self._is_awaited = is_awaited

    def __reduce__(self):
        if not self._is_awaited:
            announce.state(self._task, QUEUED, 0, 0, True)
        return int, ()


class ResultClosing:
    """After a result: from here on its worker is free for another task."""

    def __init__(self, task):
        self._task = task

    def __reduce__(self):
        announce.state(self._task, TRANSFER, 0, _first_extra_step + RESULT, True)
        return int, ()


def begin_result(task):
    announce.state(task, TRANSFER, 0, _first_extra_step + RESULT)
