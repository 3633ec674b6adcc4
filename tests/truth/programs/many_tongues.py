# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in every script."""
import asyncio
import sys
import threading

name = "Fädchen 纜 🧵 \udce9"


def say():
    print(threading.current_thread().name.encode("utf-8", "surrogateescape"), sys.argv[1:])


thread = threading.Thread(target=say, name=name)
thread.start()
thread.join()
empty = threading.Thread(target=print, args=("x" * 10,), name="n" * 5_000)
empty.start()
empty.join()


async def ünïcode():
    print(asyncio.current_task().get_name())


async def main():
    await asyncio.create_task(ünïcode(), name="тест\nzwei\0drei")


asyncio.run(main())
