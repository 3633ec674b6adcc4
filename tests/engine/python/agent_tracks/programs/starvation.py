# SPDX-License-Identifier: GPL-3.0-or-later
# One coroutine blocks its loop for 0.2 s, three others' timers are due meanwhile.
import asyncio
import time


async def blocker():
    await asyncio.sleep(0.01)
    print("block", time.monotonic_ns(), end=" ")
    time.sleep(0.2)  # the line that blocks
    print(time.monotonic_ns())


async def sleeper(seconds):
    await asyncio.sleep(seconds)


async def waiting():
    await asyncio.sleep(0)


async def main():
    jobs = [sleeper(0.03), sleeper(0.06), sleeper(0.09)]
    tasks = [asyncio.create_task(job, name="sleeper %d" % i) for i, job in enumerate(jobs)]
    await asyncio.gather(asyncio.create_task(blocker(), name="blocker"), *tasks)

    async def first():
        asyncio.create_task(waiting(), name="behind")
        time.sleep(0.1)

    await asyncio.create_task(first(), name="first")
    await asyncio.sleep(0.01)


asyncio.run(main())
