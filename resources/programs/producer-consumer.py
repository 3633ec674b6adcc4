# SPDX-License-Identifier: GPL-3.0-or-later
"""Producer and consumers

Orders come in faster than they are packed. The queue between them holds four: when it is full the
producer waits for room, when it is empty the consumers wait for orders.
"""
import queue
import threading
import time

orders = queue.Queue(maxsize=4)


def produce():
    for number in range(24):
        time.sleep(0.01)  # the next order comes in
        orders.put(number)
    for _ in range(2):
        orders.put(None)  # the end, for each consumer


def consume():
    packed = 0
    while orders.get() is not None:
        time.sleep(0.04)  # packing
        packed += 1
    print(threading.current_thread().name, "packed", packed)


def main():
    threads = [threading.Thread(target=consume, name=f"packer {i}") for i in (1, 2)]
    threads.append(threading.Thread(target=produce, name="orders"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
