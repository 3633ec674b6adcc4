# SPDX-License-Identifier: GPL-3.0-or-later
# Waits until the workers are there, gives them work, waits until it is done:
#   cluster_work.py WORKERS
import json
import os
import sys
import time

import cluster_app


def written():
    with open(os.environ["CLUSTER_TRUTH"]) as log:
        return [json.loads(line) for line in log]


def send(kind, task, args=(), **options):
    task_id = f"{kind}-{send.count}"
    send.count += 1
    cluster_app.note("sent", task_id)
    task.apply_async(args, task_id=task_id, **options)
    return task_id


send.count = 0
cluster_app.note("here", "client")
while len(cluster_app.app.control.ping(timeout=1.0)) < int(sys.argv[1]):
    pass
naps = [send("nap", cluster_app.nap, (0.2,)) for _ in range(12)]
others = [send("fail", cluster_app.fail), send("parent", cluster_app.parent)]
again = send("again", cluster_app.again)
silent = [send("silent", cluster_app.nap, (0.05,), queue="silent") for _ in range(3)]
endless = send("endless", cluster_app.nap, (600,))
revoked = send("revoked", cluster_app.nap, (600,), countdown=600)
while not any(line["kind"] == "begin" and line["id"] == endless for line in written()):
    time.sleep(0.05)
cluster_app.app.control.revoke(endless, terminate=True)
ended = set(naps + others + silent)
while not ended <= {line["id"] for line in written() if line["kind"] == "end"} or not any(
    line["kind"] == "end" and line["try"] == 2 for line in written()
):
    time.sleep(0.05)
cluster_app.app.control.revoke(revoked)
cluster_app.note("over", "client")
