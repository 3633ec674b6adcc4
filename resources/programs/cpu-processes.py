# SPDX-License-Identifier: GPL-3.0-or-later
"""CPU work with processes

The same primes in a process on each core. Every process has an interpreter lock of its own, so they
really run at once; what it costs is starting them and sending work and results.
"""
import os
from concurrent.futures import ProcessPoolExecutor


def primes_below(limit):
    return sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(2, limit))


def main():
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for count in pool.map(primes_below, [40_000] * 4):
            print(count, "primes")


if __name__ == "__main__":
    main()
