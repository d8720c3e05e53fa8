#!/usr/bin/env python3
"""A client of Polls' events without anything of Carillon: CloudEvents 1.0 over RabbitMQ.

    polls.py receive KEY [PATTERN]   prints events as they come, one JSON object a line, until Ctrl+C
    polls.py publish TITLE           publishes 'poll.created' as Polls does

The broker is AMQP_URL, by default amqp://guest:guest@127.0.0.1:5672. Wants pika (Debian: python3-pika; pip install pika).
"""

import datetime
import json
import os
import sys
import uuid

import pika

EXCHANGE = "carillon"
PREFIX = "cloudEvents:"


def connect():
    return pika.BlockingConnection(pika.URLParameters(os.environ.get("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672")))


def attributes(properties):
    """The attributes of an event that came in binary mode."""
    return {name[len(PREFIX):]: value for name, value in (properties.headers or {}).items() if name.startswith(PREFIX)}


def read(properties, body):
    """An event as one object, whichever of the two forms it came in."""
    if (properties.content_type or "").startswith("application/cloudevents+json"):
        return json.loads(body)
    return {**attributes(properties), "data": json.loads(body)}


def receive(key, pattern="#"):
    """A queue of our own, bound to the names that we want; it outlives us, and what comes meanwhile waits in it."""
    connection = connect()
    channel = connection.channel()
    queue = f"python.{key}"
    channel.queue_declare(queue, durable=True)
    channel.queue_bind(queue, EXCHANGE, routing_key=pattern)
    channel.basic_qos(prefetch_count=32)

    def handle(channel, method, properties, body):
        # An event can come twice, by its id: this program prints it twice, one that books money must not.
        print(json.dumps(read(properties, body)), flush=True)
        channel.basic_ack(method.delivery_tag)

    channel.basic_consume(queue, handle)
    print(f"receiving {pattern} as {queue}", file=sys.stderr, flush=True)
    try:
        channel.start_consuming()
    except KeyboardInterrupt:
        channel.stop_consuming()
    connection.close()


def publish(title):
    """The least that an event has to say, and when it happened."""
    name, now = "poll.created", datetime.datetime.now(datetime.timezone.utc).isoformat()
    event_id = str(uuid.uuid4())
    headers = {
        PREFIX + "specversion": "1.0",
        PREFIX + "id": event_id,
        PREFIX + "source": "/python",
        PREFIX + "type": name,
        PREFIX + "time": now,
    }
    connection = connect()
    channel = connection.channel()
    channel.confirm_delivery()
    channel.basic_publish(
        EXCHANGE,
        routing_key=name,
        body=json.dumps({"pollId": str(uuid.uuid4()), "title": title, "occurredAt": now}).encode(),
        properties=pika.BasicProperties(content_type="application/json", delivery_mode=2, headers=headers),
        mandatory=True,
    )
    print(event_id, flush=True)
    connection.close()


def main(arguments):
    match arguments:
        case ["receive", key]:
            receive(key)
        case ["receive", key, pattern]:
            receive(key, pattern)
        case ["publish", title]:
            try:
                publish(title)
            except pika.exceptions.UnroutableError:
                sys.exit("Nobody has subscribed to 'poll.created': the broker has returned the event.")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
