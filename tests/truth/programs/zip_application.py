# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs itself a program and becomes it."""
import os
import sys
import tempfile
import zipapp

with tempfile.TemporaryDirectory() as source:
    with open(os.path.join(source, "part.py"), "w") as file:
        file.write("import threading\nVALUE = threading.current_thread().name\n")
    with open(os.path.join(source, "__main__.py"), "w") as file:
        file.write("import os, sys, part\nprint(part.VALUE, __name__, sys.argv[1:], __spec__ is None)\n"
                   "os.unlink(sys.argv[0])\nsys.exit(11)\n")
    target = tempfile.mktemp(suffix=".pyz")
    zipapp.create_archive(source, target)
os.execv(sys.executable, [sys.executable, target, "one", "two"])
