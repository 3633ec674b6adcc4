# SPDX-License-Identifier: GPL-3.0-or-later
# What runs in a worker process of the pool.
import os
import struct
import threading

from . import announce, parcels, speed
from .block import Block
from .execution import Execution, Hooks
from .names import DONE, QUEUE
from .program import Program

# Messages to the first process: a kind and a number.
MESSAGE = struct.Struct("II")
NEWS, WORKER_IS_UP, SUBMIT = 0, 1, 2

_worker = None


class _ToTheFirst(Hooks):
    def __init__(self, bell, ended, block):
        self._bell = bell
        self._ended = ended
        self._block = block

    def submit(self, child, parent):
        self._bell.send_bytes(MESSAGE.pack(SUBMIT, child))

    def wait_for(self, task, action):
        while not all(self._block.has_ended(child) for child in action.tasks):
            self._ended.acquire()


class _Worker:
    def __init__(self, number, program, block, objects, bell, ended):
        self.number = number
        self.program = program
        self.block = block
        self.execution = Execution(program, block, objects, _ToTheFirst(bell, ended, block))


def set_up(origin, speeds, objects, bell, ended, count):
    """The pool's initializer. `origin` is the program, or the path that it can be read from."""
    global _worker
    with count.get_lock():
        count.value += 1
        number = count.value
    program = origin
    if isinstance(origin, str):
        program = Program(origin)
        speed.apply(program, speeds)
    name = "worker %d" % number
    threading.current_thread().name = name
    announce.name_thread(name)
    announce.role("worker")
    parcels.set_up(program)
    for declared, made in zip(program.objects, objects):
        if declared.kind == QUEUE:
            made.number_items(number, declared.id)
    block = Block(program.block_path, len(program.tasks))
    _worker = _Worker(number, program, block, objects, bell, ended[(number - 1) % len(ended)])
    bell.send_bytes(MESSAGE.pack(WORKER_IS_UP, os.getpid()))


def run_task(task, data, attempt, _closing):
    """A pool item: (how it ended, its result, a mark after it)."""
    _worker.block.set_worker(task, _worker.number)
    end = _worker.execution.perform(task, attempt)
    size = _worker.program.task(task).result if end == DONE else 0
    parcels.begin_result(task)
    return end, bytes(size), parcels.ResultClosing(task)
