# SPDX-License-Identifier: GPL-3.0-or-later
# The first process of the model rq: starts RQ's workers, enqueues the tasks when they are due, hears
# of their ends, stops the workers and removes what lies in Redis.
import os

import redis
import rq

from . import announce
from .library import NO_BROKER, RUN_VARIABLE, URL_VARIABLE, Library, give_up, load_hooks
from .names import SUBMITTED
from .schedule import Schedule
from .worker_processes import WorkerProcesses

FUNCTION = "interleave_driver.rq_worker.execute"
_KEPT_S = 120  # what a killed run leaves in Redis


def hook(library):
    space = load_hooks(library, "rq_hooks")
    if space is not None:
        import rq.job
        import rq.queue
        import rq.worker
        space["hook_rq_job"](rq.job)
        space["hook_rq_queue"](rq.queue)
        space["hook_rq_worker"](rq.worker)


def needs_scheduler(library):
    """RQ's scheduler enqueues what has to wait; it looks every second."""
    return any(library.template(task.id)["countdown_ns"] or
               task.retries and library.retry_delay_ns(task.id, 0)
               for task in library.program.tasks)


def enqueue(library, connection, number):
    task = library.program.task(number)
    queue = rq.Queue(library.queue_name(library.queue_of(number)), connection=connection)
    retry = None
    if task.retries:
        delays = [library.retry_delay_ns(number, tries) // 1000000000
                  for tries in range(task.retries)]
        retry = rq.Retry(max=task.retries, interval=delays if any(delays) else 0)
    return queue.enqueue(FUNCTION, number, "x" * task.payload, job_id=library.task_id(number),
                         retry=retry, result_ttl=_KEPT_S, failure_ttl=_KEPT_S,
                         description="task %d" % number, job_timeout=3600)


def prepare(program, block):
    library = Library(program)
    os.environ[RUN_VARIABLE] = library.token
    hook(library)
    try:
        connection = redis.Redis.from_url(os.environ[URL_VARIABLE])
        connection.ping()
    except (redis.RedisError, ValueError) as error:
        give_up("No Redis answers (%s); start one (redis-server), or give another URL with "
                "--broker." % str(error).rstrip("."), NO_BROKER)
    return library, connection


def run(program, block, speeds, prepared):
    announce.name_thread("control")
    announce.role("control")
    library, connection = prepared
    schedule = Schedule(program, block)
    declared = library.workers or [{}]
    count = sum(one.get("slots") or program.workers for one in declared)
    workers = WorkerProcesses("RQ", count)
    over = set()
    while not schedule.all_ended():
        for task in schedule.take_due():
            block.set_phase(task, SUBMITTED)
            enqueue(library, connection, task)
        if schedule.all_ended():
            break
        wait = schedule.seconds_to_next()
        for task, end in workers.hear(1 if wait is None else min(wait, 1)):
            if task and task not in over:
                over.add(task)
                schedule.ended(task, end)
    workers.stop()
    for task in program.tasks:
        identity = library.task_id(task.id)
        connection.delete(rq.job.Job.key_for(identity), "rq:results:%s" % identity)
    for number in library.used_queues():
        queue = rq.Queue(library.queue_name(number), connection=connection)
        queue.delete()
        for registry in (queue.failed_job_registry, queue.finished_job_registry,
                         queue.started_job_registry, queue.scheduled_job_registry):
            connection.delete(registry.key)
