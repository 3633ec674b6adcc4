# SPDX-License-Identifier: GPL-3.0-or-later
# Runs another program of this folder on uvloop; exit code 77 where there is none.
import asyncio
import os
import sys

try:
    import uvloop
except ImportError:
    sys.exit(77)
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
path = os.path.join(os.path.dirname(__file__), sys.argv[1])
with open(path) as source:
    exec(compile(source.read(), path, "exec"))
