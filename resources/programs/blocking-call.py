# SPDX-License-Identifier: GPL-3.0-or-later
"""A call that blocks asyncio

Five tasks tick every 20 ms on one loop. Then one of them calls time.sleep instead of
asyncio.sleep, and for 200 ms nobody ticks: the others are ready, and behind it.
"""
import asyncio
import time


async def tick(name):
    for _ in range(25):
        await asyncio.sleep(0.02)
    return name


async def report():
    await asyncio.sleep(0.15)
    time.sleep(0.2)  # the mistake: it holds the loop's only thread


async def main():
    tasks = [asyncio.create_task(tick(f"ticker {i}"), name=f"ticker {i}") for i in range(1, 6)]
    tasks.append(asyncio.create_task(report(), name="report"))
    await asyncio.gather(*tasks)
    print("all have ticked")


asyncio.run(main())
