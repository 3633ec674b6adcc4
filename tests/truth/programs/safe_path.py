# SPDX-License-Identifier: GPL-3.0-or-later
"""Where modules come from."""
import os
import sys

print(sys.flags.safe_path, sys.flags.isolated, sys.flags.no_site, sys.flags.ignore_environment)
print([path for path in sys.path if "interleave" in path.lower() and "programs" not in path])
print(os.path.dirname(__file__) in sys.path, os.environ.get("PYTHONPATH"))
