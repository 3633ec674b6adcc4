# SPDX-License-Identifier: GPL-3.0-or-later
# One of each: shop_day.py POOL. Starts a worker, waits for what it sends there, prints how it went
# with the first letters of each task's id, and stops the worker.
import os
import subprocess
import sys
import tempfile

import shop
from celery import chain

pool = sys.argv[1]
worker = subprocess.Popen(
    [sys.executable, "-m", "celery", "-A", "shop", "worker", "-P", pool, "-c", "2", "-l", "CRITICAL",
     "-n", "shop@test"], cwd=os.path.dirname(os.path.abspath(__file__)),
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def tell(word, result):
    try:
        answer = result.get(timeout=60)
    except Exception as error:
        answer = type(error).__name__
    print(word, result.id[:8], answer)


def main():
    with tempfile.TemporaryDirectory() as folder:
        sent = [("add", shop.add.delay(1, 2)), ("flaky", shop.flaky.delay()),
                ("broken", shop.broken.delay()),
                ("later", shop.add.apply_async((5, 6), countdown=0.3))]
        chained = chain(shop.add.s(1, 2), shop.add.s(3))()
        sent += [("first", chained.parent), ("second", chained)]
        # Revoked before it can begin, by a worker that is up.
        sent[0][1].get(timeout=60)
        gone = shop.pause.apply_async((0.1,), countdown=2)
        gone.revoke()
        sent.append(("revoked", gone))
        for word, result in sent:
            tell(word, result)
        if pool == "prefork":
            tell("killed", shop.killed.delay())
            tell("again", shop.killed_once.delay(os.path.join(folder, "flag")))
        print("end")


try:
    main()
finally:
    worker.terminate()
    worker.wait()
    with shop.app.connection_for_write() as connection:
        connection.default_channel.queue_delete(os.environ["SHOP_QUEUE"])
