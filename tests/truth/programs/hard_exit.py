# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves without a farewell while threads run."""
import os
import threading
import time

for _ in range(8):
    threading.Thread(target=lambda: [sum(range(1_000)) for _ in range(10**9)], daemon=True).start()
time.sleep(0.05)
os.write(1, b"gone\n")
os._exit(7)
