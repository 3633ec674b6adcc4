# SPDX-License-Identifier: GPL-3.0-or-later
# A publisher and a consumer: pika_day.py QUEUE. One message is given back once, one is refused, one
# is not acknowledged by a connection that closes.
import os
import sys

import pika

name = sys.argv[1]
parameters = pika.URLParameters(os.environ["SHOP_BROKER"].rstrip("/") + "/%2F")


def connect():
    connection = pika.BlockingConnection(parameters)
    return connection, connection.channel()


def handle(channel, method, properties, body):
    print(body.decode(), method.redelivered)
    if body == b"given back" and not method.redelivered:
        channel.basic_nack(method.delivery_tag, requeue=True)
    elif body == b"refused":
        channel.basic_reject(method.delivery_tag, requeue=False)
    elif body == b"left":
        if method.redelivered:
            channel.basic_ack(method.delivery_tag)
        channel.stop_consuming()
    else:
        channel.basic_ack(method.delivery_tag)


connection, channel = connect()
channel.exchange_declare(name, "topic", auto_delete=True)
channel.queue_declare(name)
channel.queue_bind(name, name, "part.*")
channel.confirm_delivery()
for number, body in enumerate((b"plain", b"given back", b"refused", b"left")):
    channel.basic_publish(name, "part.one", body,
                          pika.BasicProperties(message_id="number %d" % number))
connection.close()
for _ in range(2):
    connection, channel = connect()
    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(name, handle)
    channel.start_consuming()
    connection.close()
connection, channel = connect()
channel.queue_delete(name)
connection.close()
