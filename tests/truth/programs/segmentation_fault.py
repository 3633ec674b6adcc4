# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads where nothing is."""
import ctypes
import resource
import threading

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
threading.Thread(target=threading.Event().wait, daemon=True).start()
print("before", flush=True)
ctypes.string_at(8)
