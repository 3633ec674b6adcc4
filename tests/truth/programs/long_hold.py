# SPDX-License-Identifier: GPL-3.0-or-later
"""A thread adds up in C, which keeps the interpreter lock; another one wants to compute, too."""
import sys
import threading


def in_one_piece():
    for _ in range(3):
        sum(range(6_000_000))


def in_many_pieces():
    total = 0
    for _ in range(3):
        for number in range(1_000_000):
            total += number


first = in_many_pieces if sys.argv[1:] == ["interruptible"] else in_one_piece
threads = [threading.Thread(target=first), threading.Thread(target=in_many_pieces)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
