# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees only the descriptors it was given, closes them all, and works on."""
import os
import threading

listing = os.listdir("/proc/self/fd")
print(sorted(listing))
os.closerange(3, 65_536)
first = os.open("/dev/null", os.O_RDONLY)
print("next descriptor", first)
os.close(first)
threads = [threading.Thread(target=sum, args=(range(100_000),)) for _ in range(10)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
again = os.open("/dev/null", os.O_RDONLY)
print("and again", again)
