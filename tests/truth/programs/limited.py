# SPDX-License-Identifier: GPL-3.0-or-later
"""Lives within limits: small files, few descriptors, little memory."""
import os
import resource
import signal
import threading

signal.signal(signal.SIGXFSZ, lambda *_: print("too large a file"))
resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))
resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
reading, writing = os.pipe()
threads = [threading.Thread(target=lambda: [os.write(writing, b"x") and os.read(reading, 1)
                                            for _ in range(2_000)]) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
try:
    while True:
        os.open("/dev/null", os.O_RDONLY)
except OSError as error:
    print(error.strerror)
print(threading.active_count())
