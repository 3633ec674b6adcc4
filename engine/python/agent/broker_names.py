# SPDX-License-Identifier: GPL-3.0-or-later
# What the hooks of Celery, pika and RQ share: numbers for tasks, messages, queues; what a channel
# has open; how a function of a library is hooked. Run in one namespace with those hooks, which has
# the functions of the private module, once one of these libraries is imported.
import binascii
from _thread import _local
from posix import register_at_fork
from weakref import WeakKeyDictionary

_complaints = set()


def complain(what, why):
    """Once for each part: it is left out, the program goes on."""
    if what not in _complaints:
        _complaints.add(what)
        note(1, "broker-tracks", "%s is not recorded: %s." % (what, str(why).rstrip(".")))


def guarded(function):
    """A hook of ours: it never raises."""
    def call(*arguments, **options):
        try:
            return function(*arguments, **options)
        except Exception as error:
            complain(function.__name__.replace("_", " ").strip(),
                     "%s: %s" % (type(error).__name__, error))
            return None
    return call


def wrap(owner, name, before, after=None):
    """Puts hooks around a method. Another version of the library may not have it."""
    method = getattr(owner, name, None)
    if method is None:
        complain("%s.%s" % (owner.__name__, name), "this version has none")
        return
    setattr(owner, name, method_around((method, guarded(before), guarded(after or before))))


# ---- Numbers -----------------------------------------------------------------------------------

_MOST_KNOWN = 4096  # what is forgotten is named again by the same key


class _Known(dict):
    """The latest numbers, by what they are for."""

    def __setitem__(self, key, value):
        if len(self) >= _MOST_KNOWN:
            for old in list(self)[:_MOST_KNOWN // 2]:
                self.pop(old, None)
        dict.__setitem__(self, key, value)


_EXCHANGES_OF_AMQP = {"amq.direct": "direct", "amq.fanout": "fanout", "amq.topic": "topic",
                      "amq.headers": "headers", "amq.match": "headers"}
_KINDS = ("direct", "fanout", "topic", "headers")


class Names:
    """By numbers of this process. 0: it is left out. A program that executes a scenario has another
    class of these methods, with the numbers of the manifest."""

    def __init__(self):
        self.forget()

    def forget(self):
        self._tasks, self._messages, self._steps = _Known(), _Known(), {}
        self._queues, self._exchanges, self._bindings = {}, {}, set()

    def task(self, key, name, group):
        number = self._tasks.get(key)
        if number is None:
            number = self._tasks[key] = name_task(name, group, key)
        return number

    # Whether a task is what a callback does; else somebody else says what its tasks do.
    follows_callbacks = True

    def delivery(self, message_key, queue, title, headers):
        """The task of a message from a queue. One that comes again is the same task."""
        return self.task("%s|%s" % (message_key, queue), title, queue)

    def message(self, key):
        """The number, and whether it is new here."""
        number = self._messages.get(key)
        if number is not None:
            return number, False
        number = self._messages[key] = name_message(key)
        return number, True

    def route(self, message, exchange, routing_key):
        """Where a message goes that is about to be sent, as far as that is known here."""
        queue = 0 if exchange else self.queue(routing_key)
        if queue:
            message_routed(message, queue)

    def refused(self, message, queue):
        """A message is about to be refused, for good."""

    def step(self, text):
        number = self._steps.get(text)
        if number is None:
            number = self._steps[text] = name_step(text)
        return number

    def first_step(self, task):
        return 0

    def is_announced(self, task):
        """Whether somebody else says who has made it."""
        return False

    def queue(self, name):
        number = self._queues.get(name)
        if number is None:
            number = self._queues[name] = name_object("message-queue", name)
        return number

    def exchange(self, name, kind=None):
        """0 is the default exchange."""
        number = self._exchanges.get(name)
        if number is None and name:
            kind = kind or _EXCHANGES_OF_AMQP.get(name)
            # Somebody else has declared it; only its kind is not known here.
            text = "%s-exchange" % (kind if kind in _KINDS else "unknown")
            number = name_object(text, name)
            if kind:
                self._exchanges[name] = number
            self._exchanges.setdefault(name, number)
        return number or 0

    def bind(self, exchange, queue, key):
        """Again and again by every connection: told once."""
        if exchange and (exchange, queue, key) not in self._bindings:
            self._bindings.add((exchange, queue, key))
            bound(self.exchange(exchange), self.queue(queue), key)


names = Names()


# ---- Whose message is it? ----------------------------------------------------------------------

class _Contents:
    """Messages without an id of their own: the n-th of the same content, exchange and key."""

    def __init__(self):
        self._counts = {}

    def key(self, stage, exchange, routing_key, body, is_again):
        if "inferred" not in _complaints:
            _complaints.add("inferred")
            note(0, "inferred-messages",
                 "Some messages have neither a message_id nor a correlation_id: which publish "
                 "belongs to which delivery is inferred from exchange, key, content and order.")
        data = body.encode("utf-8", "replace") if isinstance(body, str) else bytes(body[:65536])
        content = "%s|%s|%d|%08x" % (exchange, routing_key, len(body), binascii.crc32(data))
        counts = self._counts.setdefault(stage, _Known())
        # One that comes again is taken for the latest of its kind.
        count = counts[content] = (counts.get(content) or 1 if is_again
                                   else counts.get(content, 0) + 1)
        return "content %s|%d" % (content, count)


_contents = _Contents()


def message_key(stage, exchange, routing_key, identity, correlation, headers, body,
                is_again=False):
    """What a message is called in every process."""
    if "task" in headers and "id" in headers:  # Celery's; a retry is another message
        return "celery %s|%s" % (headers["id"], headers.get("retries") or 0)
    if identity:
        return "id %s" % identity
    deaths = headers.get("x-death")
    if deaths:  # it came through a dead-letter exchange: where it was published at first
        first = deaths[-1]
        exchange = first.get("exchange", exchange)
        routing_key = (first.get("routing-keys") or [routing_key])[0]
        stage = "dead"
    if correlation:
        return "correlation %s|%s|%s" % (exchange, routing_key, correlation)
    return _contents.key(stage, exchange, routing_key, body, is_again)


def is_private(name):
    """Celery's own talk between workers: no messages of the application."""
    return name.startswith("celeryev") or name.endswith(".pidbox") or ".pidbox." in name


# ---- What a channel has open --------------------------------------------------------------------

class _Channel:
    __slots__ = ("unacked", "consumers", "prefetch", "sequence")

    def __init__(self):
        self.unacked = {}  # by delivery tag: (message, queue, task)
        self.consumers = {}  # by consumer tag: (queue, prefetch, whether it acknowledges by itself)
        self.prefetch = 0
        self.sequence = {}  # by number of the publish: message that waits for a confirm


_channels = WeakKeyDictionary()


def channel_of(channel):
    state = _channels.get(channel)
    if state is None:
        state = _channels[channel] = _Channel()
    return state


def publish(exchange, routing_key, key, task):
    message, is_new = names.message(key)
    if not message:
        return 0
    if task and is_new:
        message_carries(message, task)
    message_published(message, names.exchange(exchange))
    names.route(message, exchange, routing_key)
    return message


def deliver(state, tag, queue, key, redelivered, acks_itself, task=0):
    """The message's number; 0: left out."""
    message, is_new = names.message(key)
    if not message or not queue:
        return 0
    if task and is_new:
        message_carries(message, task)
    message_delivered(message, queue, 1 if redelivered else 0)
    if acks_itself:
        message_acked(message, queue)
    else:
        state.unacked[tag] = (message, queue, task)
    return message


def _taken(state, tag, multiple):
    if not multiple:
        entry = state.unacked.pop(tag, None)
        return () if entry is None else (entry,)
    tags = [one for one in state.unacked if tag == 0 or one <= tag]
    return [state.unacked.pop(one) for one in tags]


def acknowledge(channel, tag, multiple):
    for message, queue, _ in _taken(channel_of(channel), tag, multiple):
        message_acked(message, queue)


def refuse(channel, tag, multiple, requeue):
    for message, queue, _ in _taken(channel_of(channel), tag, multiple):
        (message_requeued if requeue else message_rejected)(message, queue)


def set_prefetch(channel, count):
    state = channel_of(channel)
    state.prefetch = count
    for tag, (queue, known, acks_itself) in list(state.consumers.items()):
        if known != count:
            state.consumers[tag] = (queue, count, acks_itself)
            consumer_began(count, queue)


def begin_consuming(channel, tag, queue, acks_itself):
    state = channel_of(channel)
    number = 0 if is_private(queue) else names.queue(queue)
    state.consumers[tag] = (number, state.prefetch, acks_itself)
    if number:
        consumer_began(state.prefetch, number)


def end_consuming(channel, tag):
    queue = channel_of(channel).consumers.pop(tag, (0,))[0]
    if queue:
        consumer_ended(queue)


def close_channel(channel):
    """What it has not acknowledged goes back to its queues, as the broker sees the end of it. The
    tasks that came with it."""
    state = _channels.pop(channel, None)
    if state is None:
        return ()
    for message, queue, _ in state.unacked.values():
        message_requeued(message, queue)
    for queue in {entry[0] for entry in state.consumers.values() if entry[0]}:
        consumer_ended(queue)
    return [entry[2] for entry in state.unacked.values() if entry[2]]


# ---- A forked child ------------------------------------------------------------------------------

own = _local()  # what this thread is in
_forgets = []


def _in_child():
    global own, _contents, _channels
    own = _local()
    _contents = _Contents()
    _channels = WeakKeyDictionary()
    names.forget()
    leave_task(0)
    for forget in _forgets:
        forget()


register_at_fork(after_in_child=guarded(_in_child))
