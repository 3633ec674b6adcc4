# SPDX-License-Identifier: GPL-3.0-or-later
"""Is interrupted, cleans up, and dies of it."""
import os
import signal
import time

try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
finally:
    print("cleaned up", flush=True)
