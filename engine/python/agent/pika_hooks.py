# SPDX-License-Identifier: GPL-3.0-or-later
# pika, by its Channel, which is under every kind of connection. A delivery to a callback is a task:
# reserved when the library has read it, running in the callback, done once it has been
# acknowledged; given back or lost with its connection, it is queued again. A message that comes
# again is the same task. Deliveries that the program asks for itself (basic_get, consume) are
# messages only: when it works on them can't be seen.
import functools

_failed = _Known()  # tasks whose callback raised


def _function_of(callback):
    while isinstance(callback, functools.partial):
        callback = callback.func
    return callback


def _title(callback):
    function = _function_of(callback)
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return name.rpartition("<locals>.")[2]


def _key(stage, exchange, routing_key, properties, body, is_again=False):
    headers = getattr(properties, "headers", None) or {}
    return message_key(stage, exchange, routing_key, getattr(properties, "message_id", None),
                       getattr(properties, "correlation_id", None), headers, body, is_again)


# ---- Publishers -----------------------------------------------------------------------------------

def _publishing_by_pika(channel, exchange, routing_key, body, properties=None, mandatory=False,
                        *rest, **options):
    if isinstance(body, str):
        body = body.encode("utf-8")
    key = _key("published", exchange, routing_key, properties, body)
    own.published = publish(exchange, routing_key, key, 0)


def _publishing_blocked(channel, *arguments, **options):
    return channel if getattr(channel, "_delivery_confirmation", False) else None


def _published_blocked(channel, result, failed):
    number = getattr(own, "published", 0)
    if number:  # what no queue wants comes back, and is confirmed all the same
        was_returned = getattr(own, "returned", 0) == number
        message_confirmed(number, 0 if failed and not was_returned else 1)


def _returned(channel, method_frame, header_frame, body):
    method = method_frame.method
    properties = header_frame.properties
    if getattr(properties, "message_id", None):  # others can't be told apart
        number, _ = names.message(_key("returned", method.exchange, method.routing_key,
                                       properties, body))
        if number:
            message_unroutable(number, 1)
            own.returned = number


# ---- Consumers ------------------------------------------------------------------------------------

_callbacks = WeakKeyDictionary()  # by channel: {consumer tag: (name of the callback, queue's name)}
_pending = WeakKeyDictionary()  # by channel: {delivery tag: task}


def _watched(callback):
    return around((callback, guarded(_callback_begins), guarded(_callback_ends)))


def _making_consumer(info, consumer_tag, auto_ack, on_message_callback=None, *rest, **options):
    return info if on_message_callback is not None and names.follows_callbacks else None


def _consumer_made(info, result, failed):
    if not failed:
        info.on_message_callback = _watched(info.on_message_callback)


def _consuming_by_pika(channel, queue, on_message_callback, auto_ack=False, exclusive=False,
                       consumer_tag=None, *rest, **options):
    return channel, queue, on_message_callback, auto_ack


def _consumed_by_pika(token, tag, failed):
    channel, queue, callback, acks_itself = token
    if failed:
        return
    begin_consuming(channel, tag, queue, acks_itself)
    infos = getattr(getattr(callback, "__self__", None), "_consumer_infos", None)
    if infos is not None:  # of a BlockingChannel, which gives the message on
        callback = infos[tag].on_message_callback
        if callback is not None and names.follows_callbacks:
            callback = callback.__self__[0]
    elif names.follows_callbacks:
        channel._consumers[tag] = _watched(callback)
    if callback is not None:
        _callbacks.setdefault(channel, {})[tag] = (_title(callback), queue)


def _delivering_by_pika(channel, method_frame, header_frame, body):
    method = method_frame.method
    state_ = channel_of(channel)
    queue, _, acks_itself = state_.consumers.get(method.consumer_tag, (0, 0, False))
    if not queue:
        return None
    key = _key("delivered", method.exchange, method.routing_key, header_frame.properties, body,
               method.redelivered)
    title, queue_name = _callbacks.get(channel, {}).get(method.consumer_tag, (None, None))
    task = 0
    if title is not None:
        headers = getattr(header_frame.properties, "headers", None) or {}
        task = names.delivery(key, queue_name, title, headers)
    message, is_new = names.message(key)
    if task and message:
        message_carries(message, task)
        if method.redelivered:
            _queue_again(task)
        state(task, RESERVED, 0, 0, 1)
        if names.follows_callbacks:
            _pending.setdefault(channel, {})[method.delivery_tag] = task
    deliver(state_, method.delivery_tag, queue, key, method.redelivered, acks_itself, task)
    return None


def _queue_again(task):
    if _failed.pop(task, None):
        state(task, RETRYING, 0, 0, 1)
    state(task, QUEUED, 0, 0, 1)


def _callback_begins(channel, method, properties, body):
    channel = getattr(channel, "_impl", channel)
    task = _pending.get(channel, {}).pop(method.delivery_tag, 0)
    if not task:
        return None
    return task, run_task(task, names.first_step(task)), channel, method.delivery_tag


def _callback_ends(token, result, failed):
    task, outer, channel, tag = token
    if failed:
        _failed[task] = True
        state(task, FAILED, 0, 0, 1)
    elif tag in channel_of(channel).unacked:
        state(task, SUSPENDED, 0, 0, 1)  # somebody else will acknowledge it
        _unfinished[task] = True
    elif task not in _ended:
        state(task, DONE, 0, 0, 1)
    _ended.pop(task, None)
    leave_task(outer)


_unfinished = _Known()  # tasks whose callback is over
_ended = _Known()  # those whose message was refused before their callback was over


def _settle(entries, end):
    for message, queue, task in entries:
        if end == "acked":
            message_acked(message, queue)
        else:
            (message_requeued if end == "requeued" else message_rejected)(message, queue)
        if end == "rejected":
            names.refused(message, queue)
        if not names.follows_callbacks:
            if task and end == "requeued":
                state(task, QUEUED, 0, 0, 1)
        elif task and end == "requeued":
            _unfinished.pop(task, None)
            _ended[task] = True
            _queue_again(task)
        elif task and _unfinished.pop(task, None):
            state(task, DONE if end == "acked" else FAILED, 0, 0, 1)
        elif task and end == "rejected":
            _ended[task] = True
            state(task, FAILED, 0, 0, 1)


def _acking_by_pika(channel, delivery_tag=0, multiple=False, *rest, **options):
    _settle(_taken(channel_of(channel), delivery_tag, multiple), "acked")


def _nacking_by_pika(channel, delivery_tag=0, multiple=False, requeue=True, *rest, **options):
    _settle(_taken(channel_of(channel), delivery_tag, multiple),
            "requeued" if requeue else "rejected")


def _rejecting_by_pika(channel, delivery_tag=0, requeue=True, *rest, **options):
    _settle(_taken(channel_of(channel), delivery_tag, False),
            "requeued" if requeue else "rejected")


def _recovering_by_pika(channel, requeue=False, *rest, **options):
    _settle(_taken(channel_of(channel), 0, True), "requeued")


def _closing_by_pika(channel, *arguments, **options):
    _callbacks.pop(channel, None)
    _pending.pop(channel, None)
    for task in close_channel(channel):
        _unfinished.pop(task, None)
        _queue_again(task)


def _setting_qos_by_pika(channel, prefetch_size=0, prefetch_count=0, *rest, **options):
    set_prefetch(channel, prefetch_count)


def _cancelling_by_pika(channel, consumer_tag="", *rest, **options):
    end_consuming(channel, consumer_tag)


def _cancelled_by_broker(channel, method_frame):
    end_consuming(channel, method_frame.method.consumer_tag)


# ---- One message at a time --------------------------------------------------------------------------

_asked = WeakKeyDictionary()  # by channel: (queue's name, whether it acknowledges by itself)


def _asking(channel, queue, callback, auto_ack=False, *rest, **options):
    _asked[channel] = (queue, auto_ack)


def _answered(channel, method_frame, header_frame, body):
    queue, acks_itself = _asked.pop(channel, ("", False))
    method = method_frame.method
    if queue:
        key = _key("delivered", method.exchange, method.routing_key, header_frame.properties, body,
                   method.redelivered)
        deliver(channel_of(channel), method.delivery_tag, names.queue(queue), key,
                method.redelivered, acks_itself)


# ---- The topology -------------------------------------------------------------------------------------

def _declaring_exchange_by_pika(channel, exchange, exchange_type="direct", *rest, **options):
    names.exchange(exchange, getattr(exchange_type, "value", exchange_type))


def _binding_by_pika(channel, queue, exchange, routing_key=None, arguments=None, *rest, **options):
    shown = queue if routing_key is None else routing_key
    if arguments:
        shown = ", ".join("%s=%s" % item for item in sorted(arguments.items()))
    names.bind(exchange, queue, shown)


def hook_pika(module):
    kind = module.Channel
    wrap(kind, "basic_publish", _publishing_by_pika)
    wrap(kind, "_on_deliver", _delivering_by_pika)
    wrap(kind, "basic_consume", _consuming_by_pika, _consumed_by_pika)
    wrap(kind, "basic_ack", _acking_by_pika)
    wrap(kind, "basic_nack", _nacking_by_pika)
    wrap(kind, "basic_reject", _rejecting_by_pika)
    wrap(kind, "basic_recover", _recovering_by_pika)
    wrap(kind, "basic_qos", _setting_qos_by_pika)
    wrap(kind, "basic_cancel", _cancelling_by_pika)
    wrap(kind, "_on_cancel", _cancelled_by_broker)
    wrap(kind, "_transition_to_closed", _closing_by_pika)
    wrap(kind, "basic_get", _asking)
    wrap(kind, "_on_getok", _answered)
    wrap(kind, "_on_return", _returned)
    wrap(kind, "exchange_declare", _declaring_exchange_by_pika)
    wrap(kind, "queue_bind", _binding_by_pika)


def hook_pika_blocking(module):
    wrap(module._ConsumerInfo, "__init__", _making_consumer, _consumer_made)
    wrap(module.BlockingChannel, "basic_publish", _publishing_blocked, _published_blocked)
