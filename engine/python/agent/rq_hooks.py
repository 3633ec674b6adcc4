# SPDX-License-Identifier: GPL-3.0-or-later
# RQ: a job's life over the process that enqueues it, its worker and the worker's child (the work
# horse). Redis forgets a job when a worker takes it: its message is acknowledged there.


def _number_of(job):
    # The description, because the function's name would unpickle the arguments before RQ does.
    name = (getattr(job, "description", None) or "job").partition("(")[0]
    return names.task("rq %s" % job.id, "%s %s" % (name, str(job.id)[:8]), name)


def _key_of(job):
    return "rq %s|%s" % (job.id, getattr(job, "retries_left", None) or 0)


def _say_job(job, state_, step=None):
    number = _number_of(job)
    if number:
        state(number, state_, 0, names.step(step) if step else 0, 1)
    return number


def _enqueuing(queue, job, *rest, **options):
    if not getattr(queue, "_is_async", True):
        return
    number = _number_of(job)
    if number:
        if getattr(own, "retried", None) != job.id:
            spawned(number, 0)
        own.retried = None
        state(number, QUEUED, 0, 0, 1)
        publish("", queue.name, _key_of(job), number)


def _scheduling(queue, job, *rest, **options):
    if getattr(own, "retried", None) != job.id:
        spawned(_number_of(job), 0)
        _say_job(job, QUEUED, "countdown")
    own.retried = None


def _retrying(job, *rest, **options):
    own.retried = job.id
    _say_job(job, RETRYING, "retry")


def _name_of(worker):
    return "rq %s" % (worker.name[:8] if len(worker.name) == 32 else worker.name)


def _working(worker, *arguments, **options):
    name_thread(_name_of(worker))


def _dequeuing(worker, *arguments, **options):
    return worker


def _dequeued(worker, result, failed):
    if result is None or failed:
        return
    job, queue = result
    number = _number_of(job)
    if number:
        deliver(None, 0, names.queue(queue.name), _key_of(job), False, True, number)
        state(number, RESERVED, 0, 0, 1)


def _forking(worker, job, *rest, **options):
    _say_job(job, STARTING, "fork")


def _horse_begins(worker, job, *rest, **options):
    name_thread("%s horse" % _name_of(worker))


def _performing_for_worker(worker, *arguments, **options):
    own.is_worker = True
    own.over = None
    return True


def _performed_for_worker(token, result, failed):
    own.is_worker = False


def _performing(job, *arguments, **options):
    number = _number_of(job)
    if not number:
        return None
    return job, number, run_task(number, names.first_step(number))


def _performed(token, result, failed):
    job, number, outer = token
    if failed:
        own.over = job.id
        state(number, FAILED, 0, 0, 1)
    elif getattr(own, "is_worker", False):
        state(number, TRANSFER, 0, names.step("result"))
    else:
        state(number, DONE, 0, 0, 1)
    leave_task(outer)


def _succeeding(worker, job, *rest, **options):
    return job


def _succeeded(job, result, failed):
    if not failed:
        own.over = job.id
        _say_job(job, DONE)


def _job_failed(worker, job, *rest, **options):
    if getattr(own, "over", None) != job.id:  # the work horse was killed, or the result is no good
        _say_job(job, FAILED)
    own.over = None


def _cancelling_job(job, *arguments, **options):
    _say_job(job, CANCELLED)


def hook_rq_job(module):
    wrap(module.Job, "perform", _performing, _performed)
    wrap(module.Job, "retry", _retrying)
    wrap(module.Job, "cancel", _cancelling_job)


def hook_rq_queue(module):
    wrap(module.Queue, "enqueue_job", _enqueuing)
    wrap(module.Queue, "schedule_job", _scheduling)


def hook_rq_worker(module):
    kind = module.Worker
    wrap(kind, "work", _working)
    wrap(kind, "dequeue_job_and_maintain_ttl", _dequeuing, _dequeued)
    wrap(kind, "fork_work_horse", _forking)
    wrap(kind, "main_work_horse", _horse_begins)
    wrap(kind, "perform_job", _performing_for_worker, _performed_for_worker)
    wrap(kind, "handle_job_success", _succeeding, _succeeded)
    wrap(kind, "handle_job_failure", _job_failed)
