# SPDX-License-Identifier: GPL-3.0-or-later
# Celery: the life of a task, from its publish to its end, over producer, worker and pool. By
# Celery's signals where there is one; no events (-E) are needed. The states that follow:
#
#   published                queued
#   received by the worker   reserved; with a countdown or a rate limit until that is over
#   given to a child         transfer, till the child begins
#   begins, ends             running; done, failed, cancelled
#   tried again              failed, retrying, then queued and reserved when its time has come
#
# Not followed: tasks that share a thread by greenlets (gevent, eventlet).

_host = ""  # this worker's name; in its children, too
_waiting = {}  # tasks that this worker has reserved, and no more: step
_threads = 0  # of a thread pool that have names


def _number(identity, task):
    return celery_task(identity, getattr(task, "name", None) or str(task))


def _say(number, state_, step=0):
    state(number, state_, 0, step, 1)


def _stack():
    """Tasks that this thread is in: (id, number, the task outside)."""
    stack = getattr(own, "stack", None)
    if stack is None:
        stack = own.stack = []
    return stack


# ---- The producer ------------------------------------------------------------------------------

@guarded
def _publishing_task(sender=None, body=None, headers=None, **_):
    headers = headers or {}
    identity = headers.get("id") or (body.get("id") if isinstance(body, dict) else None)
    if not identity:
        return
    number = _number(identity, headers.get("task") or sender)
    if not number:
        return
    if any(entry[0] == identity for entry in _stack()):
        _retry(identity)
        return
    if not names.is_announced(number):
        spawned(number, 0)
    _say(number, QUEUED)


def _retry(identity):
    """The task that this thread is in will be tried again. Said before its next message leaves: the
    next try may begin before this one is over."""
    stack = _stack()
    if stack[-1][0] == identity and not stack[-1][3]:
        _, number, outer, _ = stack[-1]
        stack[-1] = (identity, number, outer, True)
        _say(number, FAILED)
        _say(number, RETRYING, names.step("retry"))


# ---- The worker --------------------------------------------------------------------------------

@guarded
def _received(request=None, **_):
    number = _number(request.id, request.task)
    if not number:
        return
    is_retry = bool((request.request_dict or {}).get("retries"))
    if request.eta is not None:
        step = names.step("countdown")
    elif getattr(request.task, "rate_limit", None):
        step = names.step("rate limit")
    else:
        step = 0
    _waiting[request.id] = step
    if is_retry and request.eta is not None:
        return  # it is retrying until its time has come
    if is_retry:
        _say(number, QUEUED)
    _say(number, RESERVED, step)


def _reserving(request, *rest, **options):
    """A task may go to the pool now."""
    if _waiting.get(request.id):
        _waiting[request.id] = 0
        number = _number(request.id, request.task)
        if (request.request_dict or {}).get("retries"):
            _say(number, QUEUED)
        _say(number, RESERVED)


def _handing_over(pool, function, *rest, **options):
    """To a child of a prefork pool."""
    identity = options.get("correlation_id")
    if identity is None or identity not in _waiting:
        return None
    del _waiting[identity]
    number = names.task(identity, identity, "task")
    _say(number, TRANSFER, names.step("arguments"))
    return None


@guarded
def _revoked(request=None, **_):
    _waiting.pop(request.id, None)
    number = celery_task(request.id, getattr(request, "task", None) or "task")
    if number:
        _say(number, CANCELLED)


@guarded
def _failed(sender=None, task_id=None, **_):
    # In the process that runs the task its end says so.
    if all(entry[0] != task_id for entry in _stack()):
        _waiting.pop(task_id, None)
        number = _number(task_id, sender)
        if number:
            _say(number, FAILED)


@guarded
def _unknown(sender=None, message=None, name=None, id=None, **_):
    if id:
        number = celery_task(id, name or "unknown")
        if number:
            _say(number, FAILED)


@guarded
def _refused(sender=None, message=None, **_):
    headers = getattr(message, "headers", None) or {}
    if headers.get("id"):
        number = celery_task(headers["id"], headers.get("task") or "unknown")
        if number:
            _say(number, CANCELLED)


def _rejecting_request(request, requeue=False, *rest, **options):
    """Its message is refused: its worker was lost, or the task itself wants that."""
    if requeue and not request.acknowledged:
        _waiting.pop(request.id, None)
        number = _number(request.id, request.task)
        if number:
            _say(number, QUEUED)


def released(task):
    """The connection is lost or closed: what the worker had only reserved is queued again."""
    for identity in list(_waiting):
        if names.task(identity, identity, "task") == task:
            del _waiting[identity]
            _say(task, QUEUED)


@guarded
def _worker_begins(sender=None, **_):
    global _host
    _host = str(sender)
    name_thread(_host)


# ---- Where tasks run ------------------------------------------------------------------------------

@guarded
def _child_begins(**_):
    from billiard.process import current_process
    process = current_process()
    index = getattr(process, "index", None)
    if index is not None and getattr(process, "_name", "") != "MainProcess":
        own.is_named = True
        name_thread("%s pool %d" % (_host or "celery", index + 1))


def _name_pool_thread():
    """Threads of a pool have no names that mean anything."""
    global _threads
    import threading
    own.is_named = True
    if _host and threading.current_thread() is not threading.main_thread():
        _threads += 1
        name_thread("%s pool %d" % (_host, _threads))


@guarded
def _begins(sender=None, task_id=None, task=None, **_):
    if not getattr(own, "is_named", False):
        _name_pool_thread()
    _waiting.pop(task_id, None)
    number = _number(task_id, task)
    outer = run_task(number, names.first_step(number)) if number else 0
    _stack().append((task_id, number, outer, False))


_ENDS = {"SUCCESS": "done", "FAILURE": "failed", "RETRY": "retrying", "REVOKED": "cancelled",
         "IGNORED": "done"}


@guarded
def _ends(sender=None, task_id=None, state=None, retval=None, **_):
    stack = _stack()
    while stack:
        identity, number, outer, is_retried = stack.pop()
        if number:
            _end(number, identity == task_id, str(state), retval, is_retried)
            leave_task(outer)
        if identity == task_id:
            return


def _end(number, is_this, end, retval, is_retried):
    if is_retried and end == "RETRY":
        return  # said before; the next try may be under way
    if not is_this:
        end = "FAILURE"  # an inner one whose end was not seen
    if end == "RETRY":
        _say(number, FAILED)
        _say(number, RETRYING)
    elif end == "REJECTED":
        _say(number, QUEUED if getattr(retval, "requeue", False) else CANCELLED)
    else:
        _say(number, _ENDS.get(end, "failed"))


def _begin_result(backend, task_id, *rest, **options):
    """A task has ended well; its result is stored."""
    stack = _stack()
    if stack and stack[-1][0] == task_id and stack[-1][1]:
        state(stack[-1][1], TRANSFER, 0, names.step("result"))


# ---- Hooking -------------------------------------------------------------------------------------

def _forget():
    global _threads
    _threads = 0
    _waiting.clear()


_forgets.append(_forget)


def hook_celery_signals(signals):
    for name, receiver in (
            ("before_task_publish", _publishing_task), ("task_received", _received),
            ("task_prerun", _begins), ("task_postrun", _ends), ("task_failure", _failed),
            ("task_revoked", _revoked), ("task_unknown", _unknown), ("task_rejected", _refused),
            ("celeryd_init", _worker_begins), ("worker_process_init", _child_begins)):
        signal = getattr(signals, name, None)
        if signal is None:
            complain("Celery's signal %s" % name, "this version has none")
        else:
            signal.connect(receiver, weak=False)


def hook_celery_state(module):
    reserved = getattr(module, "task_reserved", None)
    if reserved is None:
        complain("the end of a task's countdown", "this version of Celery has no task_reserved")
    else:
        module.task_reserved = around((reserved, guarded(_reserving), _reserving))


def hook_celery_request(module):
    wrap(module.Request, "reject", _rejecting_request)


def hook_billiard(module):
    wrap(module.Pool, "apply_async", _handing_over)


def hook_celery_threads(module):
    """Celery's tasks are shown, not the items of the pool under them."""
    wrap(module.TaskPool, "on_apply", _hiding_items, _items_hidden)


def _hiding_items(*arguments, **options):
    hide_items(True)
    return True


def _items_hidden(token, result, failed):
    hide_items(False)


def hook_celery_backend(module):
    wrap(module.Backend, "mark_as_done", _begin_result)
