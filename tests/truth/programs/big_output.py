# SPDX-License-Identifier: GPL-3.0-or-later
"""Eight megabytes to standard output, in pieces of all sizes."""
import os
import sys

for i in range(2_000):
    sys.stdout.write("%06d" % i * (i % 97) + "\n")
sys.stdout.flush()
left = memoryview(bytes(range(256)) * 30_000)
while left:
    left = left[os.write(1, left[:65_537]) :]
