# SPDX-License-Identifier: GPL-3.0-or-later
# py-amqp, which is under Celery and kombu: what is published, delivered, acknowledged.


def _publishing(channel, message, exchange="", routing_key="", *rest, **options):
    if is_private(exchange) or is_private(routing_key):
        return None
    properties = message.properties
    headers = properties.get("application_headers") or {}
    key = message_key("published", exchange, routing_key, properties.get("message_id"),
                      _correlation(properties, headers, message), headers, message.body)
    number = publish(exchange, routing_key, key, _task_of(headers))
    own.published = number
    return None


def _correlation(properties, headers, message):
    """Celery gives a task's result its id, and there may be several."""
    correlation = properties.get("correlation_id")
    if not correlation:
        return None
    body = message.body
    data = body.encode("utf-8", "replace") if isinstance(body, str) else bytes(body[:65536])
    return "%s|%08x" % (correlation, binascii.crc32(data))


def _task_of(headers):
    if "task" not in headers or "id" not in headers:
        return 0
    return celery_task(headers["id"], headers["task"])


def celery_task(identity, name):
    """Its number. Producer, worker and pool agree on a task by its id."""
    return names.task(identity, "%s %s" % (name, identity[:8]), name)


def _confirming(channel, *arguments, **options):
    return channel


def _confirmed(channel, result, failed):
    number = getattr(own, "published", 0)
    if number:
        message_confirmed(number, 0 if failed else 1)


def _delivering(channel, consumer_tag, delivery_tag, redelivered, exchange, routing_key, message):
    state = channel_of(channel)
    queue, _, acks_itself = state.consumers.get(consumer_tag, (0, 0, False))
    if queue:
        _take(state, delivery_tag, queue, redelivered, exchange, routing_key, message, acks_itself)
    return None


def _take(state, tag, queue, redelivered, exchange, routing_key, message, acks_itself):
    properties = message.properties
    headers = properties.get("application_headers") or {}
    key = message_key("delivered", exchange, routing_key, properties.get("message_id"),
                      _correlation(properties, headers, message), headers, message.body,
                      redelivered)
    deliver(state, tag, queue, key, redelivered, acks_itself, _task_of(headers))


def _getting(channel, queue="", no_ack=False, *rest, **options):
    return None if is_private(queue) else (channel, names.queue(queue), no_ack)


def _got(token, message, failed):
    channel, queue, no_ack = token
    if message is not None and queue:
        info = message.delivery_info
        _take(channel_of(channel), info["delivery_tag"], queue, info["redelivered"],
              info["exchange"], info["routing_key"], message, no_ack)


def _acking(channel, delivery_tag, multiple=False, *rest, **options):
    acknowledge(channel, delivery_tag, multiple)


def _rejecting(channel, delivery_tag, requeue, *rest, **options):
    refuse(channel, delivery_tag, False, requeue)


def _recovering(channel, requeue=False, *rest, **options):
    refuse(channel, 0, True, True)


def _setting_qos(channel, prefetch_size, prefetch_count, *rest, **options):
    set_prefetch(channel, prefetch_count)


def _consuming(channel, queue="", consumer_tag="", no_local=False, no_ack=False, *rest, **options):
    # The first message may come before the library is told that its consumer is there.
    if consumer_tag:
        begin_consuming(channel, consumer_tag, queue, no_ack)
        return None
    return channel, queue, no_ack


def _consumed(token, tag, failed):
    channel, queue, no_ack = token
    if not failed:
        begin_consuming(channel, tag, queue, no_ack)


def _cancelling(channel, consumer_tag, *rest, **options):
    end_consuming(channel, consumer_tag)


def _declaring_exchange(channel, exchange, type, *rest, **options):
    if not is_private(exchange):
        names.exchange(exchange, type)


def _binding(channel, queue, exchange="", routing_key="", *rest, **options):
    if not is_private(exchange) and not is_private(queue):
        names.bind(exchange, queue, routing_key)


def _returning(channel, reply_code, reply_text, exchange, routing_key, message):
    properties = message.properties
    headers = properties.get("application_headers") or {}
    identity = properties.get("message_id")
    if identity or "id" in headers:  # others can't be told apart
        number, _ = names.message(message_key("returned", exchange, routing_key, identity, None,
                                              headers, message.body))
        message_unroutable(number, 1)


def _closing(channel, *arguments, **options):
    for task in close_channel(channel):
        released(task)


def released(task):
    """Its message goes back to the queue. Celery's hooks know more of it."""


def hook_amqp(module):
    kind = module.Channel
    wrap(kind, "_basic_publish", _publishing)
    kind.basic_publish = kind.__dict__["_basic_publish"]
    wrap(kind, "basic_publish_confirm", _confirming, _confirmed)
    wrap(kind, "_on_basic_deliver", _delivering)
    wrap(kind, "basic_get", _getting, _got)
    wrap(kind, "basic_ack", _acking)
    wrap(kind, "basic_reject", _rejecting)
    wrap(kind, "basic_recover", _recovering)
    wrap(kind, "basic_qos", _setting_qos)
    wrap(kind, "basic_consume", _consuming, _consumed)
    wrap(kind, "basic_cancel", _cancelling)
    wrap(kind, "exchange_declare", _declaring_exchange)
    wrap(kind, "queue_bind", _binding)
    wrap(kind, "_on_basic_return", _returning)
    wrap(kind, "collect", _closing)
