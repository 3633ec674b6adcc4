# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions that end in threads, finalisers and forgotten tasks."""
import asyncio
import gc
import sys
import threading
import warnings


class Falls:
    def __del__(self):
        raise ValueError("in a finaliser")


def fall():
    raise KeyError("in a thread")


thread = threading.Thread(target=fall, name="faller")
thread.start()
thread.join()
sys.unraisablehook = lambda item: print("unraisable", item.exc_type.__name__, file=sys.stderr)
Falls()


async def broken():
    raise OSError("in a task")


async def main():
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: print(context["message"], repr(context["exception"])))
    task = asyncio.create_task(broken())
    await asyncio.sleep(0.01)
    del task
    gc.collect()


asyncio.run(main())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    broken().send
    gc.collect()
    print([str(item.message) for item in caught])
