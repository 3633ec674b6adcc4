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
}


def main(arguments):
    if len(arguments) > 2 and arguments[1] == "--measure":
        from . import speed
        print(json.dumps({kernel: speed.measure(kernel) for kernel in arguments[2:]}))
        return 0
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
    model = importlib.import_module("." + _MODULES[program.model], __package__)
    gc.collect()
    block.tell_ready(announce.has_agent)
    model.run(program, block, speeds)
    return 0
