# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a pipe to its end and answers."""
import sys

total = 0
for number, line in enumerate(sys.stdin):
    total += len(line)
    if number < 3:
        print(line.strip().upper())
print(total, sys.stdin.isatty(), sys.stdout.isatty())
print("and a word to the side", file=sys.stderr)
