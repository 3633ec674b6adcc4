# SPDX-License-Identifier: GPL-3.0-or-later
# A loop in each of three threads, and a name that is changed.
import asyncio
import sys
import threading


async def work(name):
    for _ in range(20):
        await asyncio.sleep(0.0005)
    await asyncio.get_running_loop().run_in_executor(None, sum, [1])
    return name


async def main(name):
    tasks = [asyncio.create_task(work(name), name="%s.%d" % (name, i)) for i in range(4)]
    assert await asyncio.gather(*tasks) == [name] * 4
    sys.stdout.write("thread %s %d\n" % (name, threading.get_native_id()))


threads = [threading.Thread(target=lambda name=name: asyncio.run(main(name)), name=name)
           for name in ("red", "green", "blue")]
for thread in threads:
    thread.start()
threads[2].name = "indigo"
for thread in threads:
    thread.join()
