# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program is told of itself."""
import os
import sys

print(sys.argv[1:])
print(sys.orig_argv[1:])
print(sys.flags)
print(__name__, __doc__, sorted(name for name in globals() if not name.startswith("__")))
print(sorted(k for k in os.environ if k.startswith(("LANG", "HOME", "PATH", "CORPUS"))))
print(os.getcwd(), os.getppid() == os.getpgrp() or os.getpgrp() != os.getpid())
