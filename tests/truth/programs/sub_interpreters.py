# SPDX-License-Identifier: GPL-3.0-or-later
"""Other interpreters in the same process, where this Python has them."""
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    interpreters = None
import threading

if interpreters is None:
    print("ok")
else:
    ids = [interpreters.create() for _ in range(3)]
    threads = [threading.Thread(target=interpreters.run_string, args=(i, "sum(range(100_000))"))
               for i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in ids:
        interpreters.destroy(i)
    print("ok")
