# SPDX-License-Identifier: GPL-3.0-or-later
# The Celery application of a scenario: a task for each template, the queues that tasks go to. The
# client and the workers build the same one.
import os

import celery
import kombu
from celery import signals

from .library import LEFT_BEHIND_MS, URL_VARIABLE, load_hooks
from .names import CRASH, FAIL

_MOST_PRIORITY = 10


def hook(library):
    """Before anything connects."""
    space = load_hooks(library, "amqp_hooks", "celery_hooks")
    if space is None:
        return
    import amqp.channel
    import billiard.pool
    import celery.backends.base
    import celery.concurrency.thread
    import celery.worker.state
    space["hook_amqp"](amqp.channel)
    space["hook_celery_signals"](signals)
    space["hook_celery_backend"](celery.backends.base)
    space["hook_celery_state"](celery.worker.state)  # before those that copy its function
    space["hook_billiard"](billiard.pool)
    space["hook_celery_threads"](celery.concurrency.thread)
    import celery.worker.request
    space["hook_celery_request"](celery.worker.request)


def _can_fail(program, number):
    return any(action.kind in (FAIL, CRASH) for action in program.task(number).actions)


def chords(library):
    """By their last task: groups of tasks whose ends it follows, as Celery can execute them: it
    gives a chord up whose member fails, where a scenario goes on."""
    program, found = library.program, {}
    if program.settings["results"] not in ("auto", "file"):
        return found  # no chords without a result backend that has them
    for task in program.tasks:
        more = library.more(task.id)
        if (not task.after or task.parent or task.arrival_ns or more.get("then")
                or sum(other.after is task.after for other in program.tasks) != 1):
            continue
        members = [program.task(number) for number in task.after]
        if len(members) > 1 and all(
                not member.parent and not member.after and member.arrival_ns == 0
                and not library.more(member.id) and not _can_fail(program, member.id)
                and not library.template(member.id)["expires_ns"]
                and not library.template(member.id)["soft_ns"]
                and not library.template(member.id)["hard_ns"] for member in members):
            found[task.id] = [member.id for member in members]
    return found


def _backend(library):
    wanted = library.program.settings["results"]
    if wanted == "auto":
        wanted = "file" if chords(library) else "rpc"
    if wanted == "none":
        return None
    if wanted == "rpc":
        return "rpc://"
    folder = os.path.join(os.environ["TMPDIR"], "results")
    os.makedirs(folder, exist_ok=True)
    return "file://" + folder


def _queue(library, number):
    queue = library.queues.get(number, {})
    arguments = {"x-expires": LEFT_BEHIND_MS}
    priorities = [template["priority"] for template in library.templates]
    most = queue.get("max_priority") or (_MOST_PRIORITY if any(priorities) else 0)
    if most:
        arguments["x-max-priority"] = most
    if queue.get("ttl_ns"):
        arguments["x-message-ttl"] = queue["ttl_ns"] // 1000000
    if queue.get("max_length"):
        arguments["x-max-length"] = queue["max_length"]
    name = library.queue_name(number)
    # Nothing goes by way of the exchange, which Celery wants; it goes away with its queue.
    exchange = kombu.Exchange(name, "direct", durable=False, auto_delete=True)
    return kombu.Queue(name, exchange, routing_key=name, durable=True, queue_arguments=arguments)


def build(library, execute):
    """`execute(task, number)` is what every task does."""
    program = library.program
    settings = program.settings
    app = celery.Celery("interleave", broker=os.environ[URL_VARIABLE], backend=_backend(library),
                        set_as_current=True)
    app.conf.update(
        task_queues=[_queue(library, number) for number in library.used_queues()],
        # Celery wants one, and one that is there.
        task_default_queue=library.queue_name((library.used_queues() or [library.tasks_queue])[0]),
        task_create_missing_queues=False,
        task_acks_late=settings["acks"] == "late",
        worker_prefetch_multiplier=settings["prefetch"],
        worker_enable_remote_control=False,  # would leave exchanges behind
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_proc_alive_timeout=60,  # a busy machine is slow to start processes
        broker_connection_max_retries=3,
        result_expires=3600,
    )

    def run(self, number, payload):
        return execute(self, number)

    for index, template in enumerate(library.templates):
        options = {"ignore_result": template["ignores_result"] or settings["results"] == "none"}
        if template["acks_late"] is not None:
            options["acks_late"] = template["acks_late"]
        if template["reject_lost"] is not None:
            options["reject_on_worker_lost"] = template["reject_lost"]
        if template["rate"]:
            options["rate_limit"] = "%g/s" % template["rate"]
        if template["soft_ns"]:
            options["soft_time_limit"] = template["soft_ns"] / 1e9
        if template["hard_ns"]:
            options["time_limit"] = template["hard_ns"] / 1e9
        app.task(bind=True, name="template-%d" % index, max_retries=None, **options)(run)
    return app


def signature(app, library, number):
    """How a task is sent."""
    task, template = library.program.task(number), library.template(number)
    options = {"task_id": library.task_id(number),
               "queue": library.queue_name(library.queue_of(number))}
    if template["priority"]:
        options["priority"] = template["priority"]
    if template["expires_ns"]:
        options["expires"] = template["expires_ns"] / 1e9
    if template["countdown_ns"]:
        options["countdown"] = template["countdown_ns"] / 1e9
    name = "template-%d" % task.template
    return app.tasks[name].si(number, "x" * task.payload).set(**options)
