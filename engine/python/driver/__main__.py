# SPDX-License-Identifier: GPL-3.0-or-later
# The program that a python model starts: python3 FOLDER PROGRAM.json, see README.md.
import sys

from interleave_driver import entry

if __name__ == "__main__":  # worker processes that are started afresh import this file again
    sys.exit(entry.main(sys.argv))
