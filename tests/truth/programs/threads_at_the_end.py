# SPDX-License-Identifier: GPL-3.0-or-later
"""Daemon threads run and wait while the interpreter shuts down."""
import atexit
import threading
import time

lock = threading.Lock()
lock.acquire()
for work in (lock.acquire, lambda: time.sleep(60), lambda: [i * i for i in range(10**9)]):
    for _ in range(4):
        threading.Thread(target=work, daemon=True).start()
late = threading.Thread(target=lambda: (threading.main_thread().join(), print("a late thread ends")))
late.start()
atexit.register(print, "then the program")
time.sleep(0.02)
print("the main thread ends")
