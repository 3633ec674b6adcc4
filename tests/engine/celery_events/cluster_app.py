# SPDX-License-Identifier: GPL-3.0-or-later
# A small application for Celery workers. Each task writes down by itself when it began and ended, so
# that what is found out of it from outside can be compared.
import json
import os
import time

from celery import Celery

app = Celery("cluster_app", broker=os.environ["CLUSTER_BROKER"])
app.conf.update(task_send_sent_event=True, task_ignore_result=True, task_acks_late=False)


def note(kind, task_id, retries=0):
    line = json.dumps({"kind": kind, "id": task_id, "try": retries, "ns": time.monotonic_ns()})
    log = os.open(os.environ["CLUSTER_TRUTH"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(log, (line + "\n").encode())
    os.close(log)


@app.task(bind=True, name="work.nap")
def nap(self, seconds):
    note("begin", self.request.id)
    time.sleep(seconds)
    note("end", self.request.id)


@app.task(bind=True, name="work.fail")
def fail(self):
    note("begin", self.request.id)
    note("end", self.request.id)
    raise ValueError("no")


@app.task(bind=True, name="work.again", max_retries=2)
def again(self):
    note("begin", self.request.id, self.request.retries)
    time.sleep(0.05)
    note("end", self.request.id, self.request.retries)
    if self.request.retries < 2:
        raise self.retry(countdown=0.5, exc=RuntimeError("again"))


@app.task(bind=True, name="work.parent")
def parent(self):
    note("begin", self.request.id)
    child = nap.delay(0.05)
    note("child-of-" + self.request.id, child.id)
    note("end", self.request.id)
