# SPDX-License-Identifier: GPL-3.0-or-later
"""Is started with a sitecustomize of its own, which makes a thread and an audit hook."""
import os
import subprocess
import sys
import tempfile

CUSTOM = """
import sys, threading
custom = threading.Thread(target=print, args=("customised",), name="custom")
custom.start()
seen = []
sys.addaudithook(lambda event, args: seen.append(event) if event == "open" else None)
"""
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "sitecustomize.py"), "w") as file:
        file.write(CUSTOM)
    code = ("import sys, sitecustomize; sitecustomize.custom.join(); "
            "open('/dev/null').close(); print(sitecustomize.seen[-1])")
    print(subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": folder}).stdout)
