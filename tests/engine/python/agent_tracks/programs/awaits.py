# SPDX-License-Identifier: GPL-3.0-or-later
# Tasks that wait for something of each kind, end in each way, and are named in each way.
import asyncio


async def sleeps():
    await asyncio.sleep(0.02)


async def awaits_task():
    await asyncio.create_task(sleeps(), name="inner")


async def waits_for_lock(lock):
    async with lock:
        pass


async def fails():
    await asyncio.sleep(0)
    raise ValueError("as it should")


async def gets(queue):
    await queue.get()


async def puts(queue):
    await queue.put(1)


async def reads(reader):
    await reader.readline()


async def renames():
    asyncio.current_task().set_name("renamed")
    await asyncio.sleep(0)


async def wakes(event):
    await asyncio.sleep(0.01)
    event.set()


async def waits(event):
    await event.wait()


async def serve(reader, writer):
    await asyncio.sleep(0.02)
    writer.write(b"line\n")
    await writer.drain()
    writer.close()


async def main():
    def task(coroutine, name):
        return asyncio.create_task(coroutine, name=name)

    one = [task(sleeps(), "one %d" % i) for i in range(3)]
    await asyncio.gather(*one)
    for i in range(3):
        await task(sleeps(), "after %d" % i)
    lock, event, full = asyncio.Lock(), asyncio.Event(), asyncio.Queue(1)
    await lock.acquire()
    full.put_nowait(0)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    cancelled = task(sleeps(), "cancelled")
    others = [task(awaits_task(), "outer"), task(waits_for_lock(lock), "locked"), task(fails(), "fails"),
              task(gets(asyncio.Queue()), "gets"), task(puts(full), "puts"), task(reads(reader), "reads"),
              task(renames(), "to be renamed"), task(waits(event), "waits"), task(wakes(event), "wakes"),
              cancelled]
    await asyncio.sleep(0.005)
    cancelled.cancel()
    await asyncio.sleep(0.1)
    lock.release()
    full.get_nowait()
    await asyncio.sleep(0.01)
    others[3].cancel()
    await asyncio.gather(*others, return_exceptions=True)
    writer.close()
    server.close()


asyncio.run(main())
