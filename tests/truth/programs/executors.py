# SPDX-License-Identifier: GPL-3.0-or-later
"""Pools of threads: results, exceptions, cancelled items, odd names of arguments, weak references."""
import gc
import threading
import weakref
from concurrent import futures


def add(self=0, fn=0, *more, **named):
    return self + fn + sum(more) + sum(named.values())


class Thing:
    def half(self, value):
        return value / 2


with futures.ThreadPoolExecutor(4, thread_name_prefix="pool") as pool:
    print([f.result() for f in [pool.submit(add, 1, 2, 3), pool.submit(add, self=4, fn=5, x=6)]])
    print(list(pool.map(Thing().half, range(5))))
    try:
        pool.submit(Thing().half, "x").result()
    except TypeError as error:
        print(error, error.__traceback__.tb_next is not None)
with futures.ThreadPoolExecutor(1, initializer=print, initargs=("ready",)) as pool:
    pool.submit(add).result()
    gate = threading.Event()
    first = pool.submit(gate.wait)
    second = pool.submit(add)
    print(second.cancel(), second.cancelled(), first.running() or not first.done())
    gate.set()
    thing = Thing()
    seen = weakref.ref(thing)
    pool.submit(thing.half, 2).result()
    del thing
    pool.submit(add).result()
    gc.collect()
    print(seen() is None)
done, rest = futures.wait([first, second])
print(len(done), len(rest), first.result())
