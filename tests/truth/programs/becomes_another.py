# SPDX-License-Identifier: GPL-3.0-or-later
"""Becomes another program, twice."""
import os
import sys
import threading

threading.Thread(target=threading.Event().wait, daemon=True).start()
print("first", flush=True)
again = "import os,sys; print('second', flush=True); os.execv('/bin/sh', ['sh', '-c', 'echo third; exit 9'])"
os.execv(sys.executable, [sys.executable, "-c", again])
