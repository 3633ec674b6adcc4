# SPDX-License-Identifier: GPL-3.0-or-later
"""Results in order

Eight requests that take different times, and each answer is worked on. The first is the slowest:
answers that are there already wait until it is their turn.
"""
import time
from concurrent.futures import ThreadPoolExecutor

WAITS = [0.40, 0.05, 0.10, 0.20, 0.05, 0.15, 0.05, 0.10]


def request(seconds):
    time.sleep(seconds)  # a slow service
    return seconds


def work_on(answer):
    end = time.process_time() + 0.03
    while time.process_time() < end:
        pass
    print("answer after", answer, "s")


def main():
    with ThreadPoolExecutor(max_workers=8, thread_name_prefix="request") as pool:
        futures = [pool.submit(request, seconds) for seconds in WAITS]
        for future in futures:
            work_on(future.result())


if __name__ == "__main__":
    main()
