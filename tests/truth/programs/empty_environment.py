# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts programs with no environment at all."""
import subprocess
import sys

print(subprocess.run([sys.executable, "-c", "import os; print(len(os.environ))"], env={},
                     capture_output=True, text=True))
print(subprocess.run(["/usr/bin/env", "-i", "/bin/sh", "-c", "echo ${LD_PRELOAD-none}"],
                     capture_output=True, text=True).stdout)
print(subprocess.run("exit 3", shell=True, env={}).returncode)
