# SPDX-License-Identifier: GPL-3.0-or-later
"""asyncio from many sides: gather, cancellation, timeouts, context, threads, streams, processes."""
import asyncio
import contextvars
import sys

place = contextvars.ContextVar("place", default="nowhere")


async def nap(seconds, answer):
    await asyncio.sleep(seconds)
    return answer


async def stubborn():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("cancelled in", place.get())
        raise


async def echo(reader, writer):
    writer.write((await reader.readline()).upper())
    writer.close()


async def main():
    print(await asyncio.gather(nap(0.03, 1), nap(0.01, 2), nap(0.02, 3)))
    place.set("here")
    task = asyncio.create_task(stubborn(), name="stubborn one")
    await asyncio.sleep(0)
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True), task.get_name(), task.cancelled())
    try:
        await asyncio.wait_for(nap(1, None), 0.01)
    except asyncio.TimeoutError:
        print("out of time")
    print(await asyncio.to_thread(place.get))
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\n")
    print(await reader.readline())
    writer.close()
    server.close()
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(6*7)", stdout=-1)
    print(await child.communicate(), child.returncode)
    async for number in numbers():
        print(number, end=" ")
    print(len(asyncio.all_tasks()), asyncio.current_task().get_coro().__name__)
    order = []
    loop = asyncio.get_running_loop()
    loop.call_soon(order.append, "soon")
    loop.call_later(0.01, order.append, "later")
    loop.call_soon_threadsafe(order.append, "from afar")
    await asyncio.sleep(0.03)
    print(order)


async def numbers():
    for number in range(3):
        yield number
        await asyncio.sleep(0)


asyncio.run(main(), debug=len(sys.argv) > 1)
