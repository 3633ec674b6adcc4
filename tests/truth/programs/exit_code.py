# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends with a code of its own."""
import sys

sys.exit(42)
