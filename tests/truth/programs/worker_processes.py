# SPDX-License-Identifier: GPL-3.0-or-later
"""multiprocessing in the way that is asked for: pools, queues, shared memory, a dying worker."""
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def square(number):
    return number * number, os.getpid() != os.getppid()


def fill(queue, value, lock):
    with lock:
        value.value += 1
    queue.put(multiprocessing.current_process().name)


def main():
    context = multiprocessing.get_context(sys.argv[1])
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        print(list(pool.map(square, range(6))))
        try:
            pool.submit(os._exit, 3).result()
        except BrokenProcessPool as error:
            print(type(error).__name__)
    queue, lock, value = context.Queue(), context.Lock(), context.Value("i", 0)
    children = [context.Process(target=fill, args=(queue, value, lock), name=f"child {i}") for i in range(2)]
    for child in children:
        child.start()
    print(sorted(queue.get() for _ in children))
    for child in children:
        child.join()
    print([child.exitcode for child in children], value.value)


if __name__ == "__main__":
    main()
