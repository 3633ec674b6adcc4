# SPDX-License-Identifier: GPL-3.0-or-later
# From the command line to the model that executes the scenario.
import gc
import importlib
import json
import sys

_MODULES = {
    "python-sequential": "sequential",
    "python-threads": "threads",
    "python-processes": "processes",
    "python-asyncio": "coroutines",
    "python-asyncio+threads": "coroutines",
    "celery": "celery_client",
    "pika": "pika_control",
    "rq": "rq_client",
}


_WORKERS = {"celery": "celery_worker", "pika": "pika_worker", "rq": "rq_worker"}


def main(arguments):
    if len(arguments) > 2 and arguments[1] == "--measure":
        from . import speed
        print(json.dumps({kernel: speed.measure(kernel) for kernel in arguments[2:]}))
        return 0
    if len(arguments) == 4 and arguments[2] == "--worker":
        return _be_worker(arguments[1], int(arguments[3]))
    if len(arguments) != 2:
        sys.stderr.write("This program is started by interleave: PROGRAM.json\n")
        return 2
    from . import announce, speed
    from .block import Block
    from .program import Program
    program = Program(arguments[1])
    block = Block(program.block_path, len(program.tasks))
    speeds = speed.speeds_for(program)
    speed.apply(program, speeds)
    if "switch_interval" in program.settings:
        sys.setswitchinterval(program.settings["switch_interval"])
    model = _import(_MODULES[program.model])
    # What can be found wrong before the scenario begins.
    prepared = [model.prepare(program, block)] if hasattr(model, "prepare") else []
    gc.collect()
    block.tell_ready(announce.has_agent)
    model.run(program, block, speeds, *prepared)
    return 0


def _import(name):
    from .library import NO_PACKAGE, give_up
    try:
        return importlib.import_module("." + name, __package__)
    except ImportError as error:
        give_up(str(error), NO_PACKAGE)


def _be_worker(path, index):
    """A worker process of the models that have a library's own workers."""
    from . import speed
    from .block import Block
    from .program import Program
    program = Program(path)
    block = Block(program.block_path, len(program.tasks))
    speed.apply(program, speed.speeds_for(program))
    return _import(_WORKERS[program.model]).main(program, block, index)
