# SPDX-License-Identifier: GPL-3.0-or-later
# Prints what a recorder could change: tracebacks of tasks in debug mode, where tasks and handles
# say they were made, what is on the import path, signatures, what is kept alive.
import asyncio
import concurrent.futures
import gc
import inspect
import sys
import threading
import traceback
import warnings
import weakref

warnings.simplefilter("error")


class Held:
    pass


async def fails(held):
    await asyncio.sleep(0)
    raise ValueError("expected")


def places(stack):
    return [(frame.filename.rsplit("/", 1)[-1], frame.lineno, frame.name) for frame in stack]


async def main():
    held = Held()
    alive = weakref.ref(held)
    task = asyncio.create_task(fails(held))
    print("made", places(task._source_traceback))
    handle = asyncio.get_running_loop().call_soon(print, "called")
    print("handle", places(handle._source_traceback))
    later = asyncio.get_running_loop().call_later(10, print, "never")
    print("later", places(later._source_traceback))
    later.cancel()
    try:
        await task
    except ValueError as error:
        print("caught", places(traceback.extract_tb(error.__traceback__)))
    del held, task
    gc.collect()
    print("alive", alive() is not None)


asyncio.run(main(), debug=True)


def item(held):
    raise KeyError("in a pool")


with concurrent.futures.ThreadPoolExecutor(1) as pool:
    held = Held()
    alive = weakref.ref(held)
    future = pool.submit(item, held)
    try:
        future.result()
    except KeyError as error:
        print("pool", places(traceback.extract_tb(error.__traceback__))[-2:])
    del held, future
gc.collect()
print("item alive", alive() is not None)
print("path", [type(finder).__name__ for finder in sys.meta_path], len(sys.path))
print("loaders", type(asyncio.base_events.__loader__).__name__,
      type(asyncio.base_events.__spec__.loader).__name__)
print("call_soon", list(inspect.signature(asyncio.BaseEventLoop.call_soon).parameters))
print("threads", [thread.name for thread in threading.enumerate()])
print("argv", sys.argv[1:], __name__, "_interleave_agent" in globals())
threading.current_thread().name = "mine"
print(threading.current_thread().name, threading.Thread.name.__doc__ is not None)
