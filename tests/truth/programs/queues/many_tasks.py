# SPDX-License-Identifier: GPL-3.0-or-later
# Many small ones: many_tasks.py COUNT. Starts a worker with two processes, sends COUNT tasks and
# waits for their results; prints the seconds that it took, and the processor time of client, worker
# and pool meanwhile.
import os
import subprocess
import sys
import time

import shop

count = int(sys.argv[1])
worker = subprocess.Popen(
    [sys.executable, "-m", "celery", "-A", "shop", "worker", "-P", "prefork", "-c", "2", "-l",
     "CRITICAL", "-n", "shop@test"], cwd=os.path.dirname(os.path.abspath(__file__)),
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def fields_of(pid):
    with open("/proc/%s/stat" % pid) as file:
        return file.read().rpartition(")")[2].split()


def processor_seconds():
    ticks = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = fields_of(pid)
        except OSError:
            continue
        if int(pid) in (os.getpid(), worker.pid) or int(fields[1]) == worker.pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


try:
    shop.add.delay(1, 1).get(timeout=60)  # it is up
    begin, used = time.monotonic(), processor_seconds()
    for result in [shop.add.delay(index, 1) for index in range(count)]:
        result.get(timeout=60)
    print("%.3f %.3f" % (time.monotonic() - begin, processor_seconds() - used))
finally:
    worker.terminate()
    worker.wait()
    with shop.app.connection_for_write() as connection:
        connection.default_channel.queue_delete(os.environ["SHOP_QUEUE"])
