# SPDX-License-Identifier: GPL-3.0-or-later
"""Deadlock by lock order

One cook takes the pan and wants the stove, the other takes the stove and wants the pan. Each holds
what the other waits for, until one of them gives up after a second and a half.
"""
import threading
import time

pan = threading.Lock()
stove = threading.Lock()


def cook(first, second):
    with first:
        time.sleep(0.05)  # long enough for the other one to take theirs
        if second.acquire(timeout=1.5):
            second.release()
            print(threading.current_thread().name, "has cooked")
        else:
            print(threading.current_thread().name, "gave up")


def main():
    cooks = [
        threading.Thread(target=cook, args=(pan, stove), name="cook 1"),
        threading.Thread(target=cook, args=(stove, pan), name="cook 2"),
    ]
    for thread in cooks:
        thread.start()
    for thread in cooks:
        thread.join()


if __name__ == "__main__":
    main()
