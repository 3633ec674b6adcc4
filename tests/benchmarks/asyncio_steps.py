# SPDX-License-Identifier: GPL-3.0-or-later
# What a step of an asyncio task costs: CPU time in ns, the least of nine rounds, for five shapes of
# program. Run it with `interleave record` and without on an idle machine; the difference is the
# recorder's. A step here is nothing but the suspension.
import asyncio
import time


async def yielding(count):
    for _ in range(count):
        await asyncio.sleep(0)


async def putting(queue, count):
    for i in range(count):
        await queue.put(i)


async def getting(queue, count):
    for _ in range(count):
        await queue.get()


async def sleeping(count):
    for _ in range(count):
        await asyncio.sleep(0.0001)


async def nested(depth, count):
    if depth:
        await nested(depth - 1, count)
    else:
        await yielding(count)


async def nothing():
    pass


async def yields():
    await asyncio.gather(*[yielding(400) for _ in range(50)])
    return 50 * 400


async def queues():
    jobs = []
    for _ in range(50):
        queue = asyncio.Queue(1)
        jobs += [putting(queue, 100), getting(queue, 100)]
    await asyncio.gather(*jobs)
    return 50 * 200


async def timers():
    await asyncio.gather(*[sleeping(25) for _ in range(200)])
    return 200 * 25


async def tasks():
    await asyncio.gather(*[nothing() for _ in range(10000)])
    return 10000


async def depths():
    await asyncio.gather(*[nested(7, 200) for _ in range(50)])
    return 50 * 200


async def measured(shape):
    begin = time.thread_time()
    steps = await shape()
    return (time.thread_time() - begin) / steps * 1e9


for shape in (yields, queues, timers, tasks, depths):
    print(shape.__name__, round(min(asyncio.run(measured(shape)) for _ in range(9))))
