# SPDX-License-Identifier: GPL-3.0-or-later
# Items of the pools: of threads, or of processes that are made in the way of the argument.
# "ran <item> <pid>" for each item.
import asyncio
import concurrent.futures
import functools
import multiprocessing
import os
import sys
import time


def work(item):
    time.sleep(0.005)
    if item == 3:
        raise ValueError(item)
    return item, os.getpid()


def report(results):
    for result in results:
        print("ran %d %d" % result)


def outcome(future):
    return None if future.cancelled() or future.exception() else future.result()


def main():
    if sys.argv[1] == "thread":
        with concurrent.futures.ThreadPoolExecutor(2, thread_name_prefix="hand") as pool:
            futures = [pool.submit(functools.partial(work, i)) for i in range(6)]
            futures[5].cancel()

            async def submit():
                return await asyncio.get_running_loop().run_in_executor(pool, work, 7)

            async def outer():
                return await asyncio.create_task(submit(), name="submitter")

            report([asyncio.run(outer())])
        report(filter(None, map(outcome, futures)))
        return
    context = multiprocessing.get_context(sys.argv[1])
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        futures = [pool.submit(work, i) for i in range(5)]
        report(filter(None, map(outcome, futures)))
    with context.Pool(2) as pool:
        report(pool.map(work, range(10, 13), chunksize=1))
        report([pool.apply(work, (14,))])
        try:
            pool.apply(work, (3,))
        except ValueError as error:
            print("failed", error)


if __name__ == "__main__":
    main()
