# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a virtual environment and looks around in it."""
import os
import subprocess
import sys
import tempfile
import venv

with tempfile.TemporaryDirectory() as folder:
    venv.create(folder, symlinks=True)
    python = os.path.join(folder, "bin", "python")
    code = "import sys; print(sys.prefix != sys.base_prefix, sys.executable.endswith('bin/python'))"
    print(subprocess.run([python, "-c", code], capture_output=True, text=True).stdout)
    sys.stdout.flush()
    print(subprocess.call([python, "-m", "this_is_no_module"], stderr=subprocess.DEVNULL))
