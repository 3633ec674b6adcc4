# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends with a sentence, which makes code 1."""
import atexit
import sys

atexit.register(print, "at the end")
sys.exit("this did not go well")
