# SPDX-License-Identifier: GPL-3.0-or-later
# Tasks of 3.12's eager factory: done at once, suspended, yielding, nested, failed.
import asyncio


async def quick():
    return 1


async def slow():
    await asyncio.sleep(0.005)
    return 2


async def yields():
    await asyncio.sleep(0)
    return 3


async def nests():
    return await asyncio.create_task(slow(), name="inner")


async def fails():
    raise ValueError(5)


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    tasks = [asyncio.create_task(f(), name=f.__name__) for f in (quick, slow, yields, nests, fails)]
    print(await asyncio.gather(*tasks, return_exceptions=True))


asyncio.run(main())
