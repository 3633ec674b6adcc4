# SPDX-License-Identifier: GPL-3.0-or-later
# A Celery application that knows nothing of being recorded.
import os
import signal
import time

from celery import Celery

app = Celery("shop", broker=os.environ["SHOP_BROKER"], backend="rpc://")
app.conf.task_default_queue = os.environ["SHOP_QUEUE"]
app.conf.worker_prefetch_multiplier = 2
app.conf.worker_enable_remote_control = True


@app.task
def add(one, other):
    return one + other


@app.task
def pause(seconds):
    time.sleep(seconds)
    return seconds


@app.task(bind=True, max_retries=2)
def flaky(self):
    if self.request.retries < 2:
        raise self.retry(countdown=0.1)
    return "well at last"


@app.task
def broken():
    raise ValueError("on purpose")


@app.task(acks_late=True, reject_on_worker_lost=True)
def killed_once(flag):
    """Kills its process when it runs for the first time."""
    if not os.path.exists(flag):
        open(flag, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


@app.task
def killed():
    os.kill(os.getpid(), signal.SIGKILL)
