# SPDX-License-Identifier: GPL-3.0-or-later
# 20 tasks x 30 suspension points. Each says when it ran, from after one suspension to before the
# next: "span <task> <begin> <end>" in ns of time.monotonic_ns().
import asyncio
import time

TASKS, POINTS = 20, 30


async def leaf(kind, state):
    if kind == 0:
        await asyncio.sleep(0)
    elif kind == 1:
        await asyncio.sleep(0.0005)
    elif kind == 2:
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_result, None)
        await future
    elif kind == 3:
        event = asyncio.Event()
        asyncio.get_running_loop().call_later(0.0005, event.set)
        await event.wait()
    else:
        queue = state["queue"]
        asyncio.get_running_loop().call_soon(queue.put_nowait, 1)
        await queue.get()


async def work(number, spans):
    name = "t%d" % number
    state = {"queue": asyncio.Queue()}
    for point in range(POINTS):
        begin = time.monotonic_ns()
        if (number + point) % 7 == 0:
            time.sleep(0.0002)
        else:
            sum(range(200))
        spans.append((name, begin, time.monotonic_ns()))
        await leaf((number + point) % 5, state)
    begin = time.monotonic_ns()
    spans.append((name, begin, time.monotonic_ns()))


async def main():
    spans = []
    await asyncio.gather(*[asyncio.create_task(work(n, spans), name="t%d" % n) for n in range(TASKS)])
    for span in spans:
        print("span %s %d %d" % span)


asyncio.run(main())
