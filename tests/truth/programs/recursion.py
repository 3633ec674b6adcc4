# SPDX-License-Identifier: GPL-3.0-or-later
"""Reaches the end of the stack, at the same depth as ever."""
import sys
import threading

sys.setrecursionlimit(500)
depths = []


def down(depth):
    depths.append(depth)
    down(depth + 1)


try:
    down(0)
except RecursionError as error:
    print(error, max(depths))
thread = threading.Thread(target=down, args=(0,))
thread.start()
thread.join()
down(0)
