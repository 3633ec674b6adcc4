# SPDX-License-Identifier: GPL-3.0-or-later
# The Python side of the agent, embedded into it and run in the namespace of the private module
# "_interleave_agent", which has the C functions that are used here (README.md). Runs on CPython 3.8
# and later.
#
# What is hot, or has the program's own code above it on the stack, is in C: a frame of ours would
# be in the program's tracebacks and keep its objects alive. Nothing here may raise into the
# program.
import sys


def _guarded(what, function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        note(1, "python-tracks", "%s is not recorded: %s: %s." % (what, type(error).__name__, error))
        return None


# ---- Modules that are hooked when the program imports them ----------------------------------

class _Loader:
    """Stands in for a module's loader during its import, and calls hook() after it."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        create = getattr(self._loader, "create_module", None)
        return None if create is None else create(spec)

    def exec_module(self, module):
        loader = self._loader
        module.__spec__.loader = loader
        module.__loader__ = loader
        loader.exec_module(module)
        hook(module.__name__, module)


class _Finder:
    """First on sys.meta_path for one look-up of one module."""

    def __init__(self, name):
        self._name = name

    def find_spec(self, name, path=None, target=None):
        if name != self._name:
            return None
        _disarm(self)
        for finder in list(sys.meta_path):
            find = getattr(finder, "find_spec", None)
            spec = None if find is None else find(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader)
                return spec
        return None


def _disarm(finder):
    while finder in sys.meta_path:
        sys.meta_path.remove(finder)


def arm(name):
    """The module is about to be looked for."""
    for finder in [one for one in sys.meta_path if type(one) is _Finder]:
        _disarm(finder)
    sys.meta_path.insert(0, _Finder(name))


_hooked = set()


def hook(name, module):
    """The module has been imported."""
    if name in _HOOKS and name not in _hooked:
        _hooked.add(name)
        _guarded(name, _HOOKS[name], module)


# ---- threading -------------------------------------------------------------------------------

def _hook_threading(threading):
    Thread = threading.Thread
    hook_threads(Thread)
    name = Thread.name
    Thread.name = property(name.fget, name_setter(name.fset), name.fdel, name.__doc__)
    # Threads that run already: the main one at least.
    for thread in threading.enumerate():
        if thread.native_id is not None:
            thread.name = thread.name


# ---- asyncio ---------------------------------------------------------------------------------

def _hook_asyncio(base_events):
    events, tasks = base_events.events, base_events.tasks
    python_task = getattr(tasks, "_PyTask", None)
    if python_task is tasks.Task:
        python_task = tasks.Task
    hook_asyncio(events.Handle, events.TimerHandle, base_events.BaseEventLoop, tasks.Task,
                 python_task, events,
                 lambda loop: _guarded("a loop", _notice_loop, base_events, type(loop)))


def _hook_uvloop(uvloop):
    _hook_loop_class(uvloop.Loop)  # before its first task is made


def _notice_loop(base_events, kind):
    """A loop begins to run whose class is another than the last one's."""
    if not issubclass(kind, base_events.BaseEventLoop) and hasattr(kind, "call_soon"):
        _hook_loop_class(kind)


def _hook_loop_class(kind):
    if not any(one in _foreign_loops for one in kind.__mro__):
        _foreign_loops.append(kind)
        hook_loop(kind)


_foreign_loops = []


# ---- concurrent.futures ----------------------------------------------------------------------

def _hook_thread_pools(thread):
    hook_thread_items(thread._WorkItem)


def _key_of(queue, creator):
    """What parent and children agree on about a queue of multiprocessing: the name of its lock, or
    where there is none because children are forked, the lock's address."""
    lock = queue._rlock._semlock
    return lock.name or "%d:%x" % (creator, lock.handle)


def _creator():
    """In a child of multiprocessing: the process that made it."""
    return sys.modules["multiprocessing.process"].parent_process().pid


def _local(frame, name):
    values = frame.f_locals
    value = values[name]
    if type(values) is dict:
        values.clear()  # it would keep the program's objects as long as the frame lives
    return value


def _hook_process_pools(process):
    kind = process._WorkItem
    init = kind.__init__

    # Nothing of the program runs within.
    def __init__(self, future, fn, *rest, **options):
        init(self, future, fn, *rest, **options)
        _guarded("an item of a process pool", _queue_item, _frame(1), future, fn)

    kind.__init__ = __init__
    process._CallItem.fn = _CallFunction()
    process._CallItem.work_id = _CallNumber()


def _queue_item(submit, future, fn):
    executor = _local(submit, "self")
    key = _key_of(executor._call_queue, _getpid())
    queue_item(future, fn, "%s:%d" % (key, executor._queue_count))


# A worker reads fn of the item when it is about to call it, and work_id to send the result.
class _CallFunction:
    def __set__(self, item, value):
        item.__dict__["fn"] = value

    def __get__(self, item, owner=None):
        if item is None:
            return self
        _guarded("an item of a process pool", _start_call, item, _frame(1))
        return item.__dict__["fn"]


class _CallNumber:
    def __set__(self, item, value):
        item.__dict__["work_id"] = value

    def __get__(self, item, owner=None):
        if item is None:
            return self
        _guarded("an item of a process pool", _end_call, item)
        return item.__dict__["work_id"]


_call = None  # (item, number, exception that was handled before)
_pool_key = (0, "")


def _start_call(item, worker):
    global _call, _pool_key
    if worker.f_code.co_name != "_process_worker":
        return
    if _pool_key[0] != _getpid():
        _pool_key = (_getpid(), _key_of(_local(worker, "call_queue"), _creator()))
    values = item.__dict__
    number = start_item(values["fn"], "%s:%d" % (_pool_key[1], values["work_id"]))
    _call = (id(item), number, _exception())


def _end_call(item):
    global _call
    if _call is not None and _call[0] == id(item):
        number, before = _call[1:]
        _call = None
        error = _exception()
        end_item(number, error is not None and error is not before)


def _exception():
    return sys.exc_info()[1]


# ---- multiprocessing.Pool --------------------------------------------------------------------

def _hook_pool(pool):
    worker = pool.worker

    def counting_worker(inqueue, *rest, **options):
        queue = _guarded("a pool", _PoolQueue, inqueue, pool)
        return worker(inqueue if queue is None else queue, *rest, **options)

    # Workers that are spawned find it by its name.
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(counting_worker, name, getattr(worker, name))
    pool.worker = counting_worker

    apply_init = pool.ApplyResult.__init__
    map_init = pool.MapResult.__init__

    def init_apply(self, of_pool, *rest, **options):
        apply_init(self, of_pool, *rest, **options)
        if type(self) is pool.ApplyResult:
            _guarded("an item of a pool", _queue_pool_items, self, of_pool, _frame(1), 1)

    def init_map(self, of_pool, *rest, **options):
        map_init(self, of_pool, *rest, **options)
        if type(self) is pool.MapResult:
            _guarded("an item of a pool", _queue_pool_items, self, of_pool, _frame(1),
                     self._number_left)

    pool.ApplyResult.__init__ = init_apply
    pool.MapResult.__init__ = init_map


def _pool_key_of(queue, creator):
    if hasattr(queue, "_rlock"):
        return _key_of(queue, creator)
    return "%d:%x" % (_getpid(), id(queue))  # of a ThreadPool


def _queue_pool_items(result, pool, caller, count):
    function = _local(caller, "func")
    key = _pool_key_of(pool._inqueue, _getpid())
    for i in range(count):
        queue_item_of(function, "%s:%d:%d" % (key, result._job, i))


class _PoolQueue:
    """The queue that a worker takes its items from."""

    def __init__(self, queue, pool):
        self._queue = queue
        self._mappers = (pool.mapstar, pool.starmapstar)
        self._reraises = pool._helper_reraises_exception
        process = sys.modules["multiprocessing.process"].parent_process()
        self._key = _pool_key_of(queue, 0 if process is None else process.pid)

    def __getattr__(self, name):
        return getattr(self._queue, name)

    def get(self):
        item = self._queue.get()
        if item is None:
            return None
        return _guarded("an item of a pool", self._watched, item) or item

    def _watched(self, item):
        job, i, function, arguments, keywords = item
        if function is self._reraises:
            return item
        named = arguments[0][0] if function in self._mappers else function
        caller = item_caller((function, named, "%s:%d:%d" % (self._key, job, i)))
        return job, i, caller, arguments, keywords


# ---- Celery, pika, RQ ------------------------------------------------------------------------

def load(*parts):
    """The hooks of libraries that few programs have, each from a source of its own; all in one
    namespace, with the functions of this module."""
    if not _broker_space:
        _broker_space.update((name, value) for name, value in globals().items()
                             if name[0] != "_" or name == "__builtins__")
        parts = ("broker_names",) + parts
    for part in parts:
        if part not in _broker_parts:
            _broker_parts.append(part)
            exec(compile(source(part), "<interleave agent>", "exec"), _broker_space)
    return _broker_space


_broker_space = {}
_broker_parts = []


def _hooked_by(function, *parts):
    return lambda module: load(*parts)[function](module)


_CELERY = ("amqp_hooks", "celery_hooks")

_HOOKS = {
    "threading": _hook_threading,
    "asyncio.base_events": _hook_asyncio,
    "concurrent.futures.thread": _hook_thread_pools,
    "concurrent.futures.process": _hook_process_pools,
    "multiprocessing.pool": _hook_pool,
    "uvloop": _hook_uvloop,
    "amqp.channel": _hooked_by("hook_amqp", *_CELERY[:1]),
    "celery.signals": _hooked_by("hook_celery_signals", *_CELERY),
    "celery.worker.state": _hooked_by("hook_celery_state", *_CELERY),
    "celery.worker.request": _hooked_by("hook_celery_request", *_CELERY),
    "celery.concurrency.thread": _hooked_by("hook_celery_threads", *_CELERY),
    "celery.backends.base": _hooked_by("hook_celery_backend", *_CELERY),
    "billiard.pool": _hooked_by("hook_billiard", *_CELERY),
    "pika.channel": _hooked_by("hook_pika", "pika_hooks"),
    "pika.adapters.blocking_connection": _hooked_by("hook_pika_blocking", "pika_hooks"),
    "rq.job": _hooked_by("hook_rq_job", "rq_hooks"),
    "rq.queue": _hooked_by("hook_rq_queue", "rq_hooks"),
    "rq.worker": _hooked_by("hook_rq_worker", "rq_hooks"),
}

from posix import getpid as _getpid, register_at_fork
_frame = sys._getframe
name_thread("MainThread")
register_at_fork(after_in_child=name_forked_thread)
del register_at_fork
