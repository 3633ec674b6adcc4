# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU work with threads

Four threads count primes. They all want the interpreter lock all the time, so they take turns of
five milliseconds, and four threads are no faster than one.
"""
from concurrent.futures import ThreadPoolExecutor


def primes_below(limit):
    return sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(2, limit))


def main():
    with ThreadPoolExecutor(max_workers=4, thread_name_prefix="primes") as pool:
        for count in pool.map(primes_below, [40_000] * 4):
            print(count, "primes")


if __name__ == "__main__":
    main()
