# SPDX-License-Identifier: GPL-3.0-or-later
# One of each: rq_day.py QUEUE [CLASS OF THE WORKER]. Enqueues, runs a worker until the queue is
# empty, prints how it went with the first letters of each job's id.
import os
import subprocess
import sys
import tempfile

import redis
import rq
import shop_rq

connection = redis.Redis.from_url(os.environ["SHOP_REDIS"])
queue = rq.Queue(sys.argv[1], connection=connection)
kind = sys.argv[2]

with tempfile.TemporaryDirectory() as folder:
    jobs = [("add", queue.enqueue(shop_rq.add, 1, 2)), ("broken", queue.enqueue(shop_rq.broken)),
            ("flaky", queue.enqueue(shop_rq.flaky, os.path.join(folder, "flag"),
                                    retry=rq.Retry(max=2)))]
    if kind == "rq.Worker":
        jobs.append(("killed", queue.enqueue(shop_rq.killed)))
    subprocess.run([sys.executable, "-m", "rq.cli", "worker", "--burst", "-w", kind,
                    "-u", os.environ["SHOP_REDIS"], sys.argv[1]],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
                   cwd=os.path.dirname(os.path.abspath(__file__)))
    for word, job in jobs:
        print(word, job.id[:8], job.get_status(), job.result)
        job.delete()
    queue.delete()
    print("end")
