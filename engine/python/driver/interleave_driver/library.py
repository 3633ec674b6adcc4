# SPDX-License-Identifier: GPL-3.0-or-later
# What the drivers of Celery, pika and RQ share: the scenario's queues and exchanges under names of
# this run alone, and the hooks of the agent (engine/python/agent/broker_names.py) with the
# manifest's numbers in place of their own.
import os
import sys

from . import announce
from .names import (ARGUMENTS, COUNTDOWN, FORK_STEP, RATE_LIMIT, RESULT, RETRY)

RUN_VARIABLE = "INTERLEAVE_RUN"  # how workers know the run's token
URL_VARIABLE = "INTERLEAVE_BROKER"
NO_PACKAGE, NO_BROKER = 69, 75  # exit codes that the starting program knows
LEFT_BEHIND_MS = 120000  # a queue that nobody uses any more goes away by itself: a killed run's


def give_up(sentence, code):
    """Before the scenario begins."""
    sys.stderr.write(sentence + "\n")
    sys.exit(code)


class Library:
    def __init__(self, program, token=None):
        self.program = program
        self.token = token or os.environ.get(RUN_VARIABLE) or "interleave-%s" % os.urandom(4).hex()
        data = program.library
        self.templates = data["templates"]
        self.workers = data["workers"]
        self.queues = {queue["id"]: queue for queue in data["queues"]}
        self.exchanges = {exchange["id"]: exchange for exchange in data["exchanges"]}
        self.tasks_queue, self.results_queue = data["tasks_queue"], data["results_queue"]
        self.replies_queue = data["replies_queue"]
        self._tasks = {int(number): more for number, more in data["tasks"].items()}
        self._queue_numbers = {self.queue_name(one): one for one in self.queues}
        self._queue_numbers[self.queue_name(self.tasks_queue)] = self.tasks_queue
        self._exchange_numbers = {self.exchange_name(one): one for one in self.exchanges}

    # --- names of this run

    def queue_name(self, number):
        queue = self.queues.get(number)
        return "%s-%s" % (self.token, "tasks" if queue is None else queue["name"])

    def exchange_name(self, number):
        return "%s-%s" % (self.token, self.exchanges[number]["name"]) if number else ""

    def queue_number(self, name):
        """Replies come by queues that the library names."""
        return self._queue_numbers.get(name, self.results_queue)

    def exchange_number(self, name):
        return self._exchange_numbers.get(name, 0)

    def task_id(self, number):
        return "%s-%d" % (self.token, number)

    def task_number(self, identity):
        """0: not one of the scenario's."""
        token, _, number = str(identity).rpartition("-")
        is_ours = token.rpartition(" ")[2] == self.token  # RQ's hooks put a word before it
        return int(number) if is_ours and number.isdigit() else 0

    # --- the tasks

    def more(self, number):
        return self._tasks.get(number, {})

    def template(self, number):
        return self.templates[self.program.task(number).template]

    def queue_of(self, number):
        return self.template(number)["queue"] or self.tasks_queue

    def used_queues(self):
        """Those that tasks are sent to."""
        return sorted({self.queue_of(task.id) for task in self.program.tasks})

    def chain_from(self, number):
        """The tasks that follow one another, from this one on."""
        chain = [number]
        while self.more(chain[-1]).get("then"):
            chain.append(self.more(chain[-1])["then"])
        return chain

    def retry_delay_ns(self, number, tries):
        delays = self.more(number).get("delays")
        if delays:
            return delays[min(tries, len(delays) - 1)]
        return self.program.task(number).retry_delay_ns


class LibraryNames:
    """In place of the hooks' own (Names in broker_names.py)."""

    follows_callbacks = False  # the driver says what tasks do

    def __init__(self, library, name_message):
        self._library = library
        self._name_message = name_message
        self._messages = {}
        extra = library.program.extra_step
        self._steps = {"arguments": extra(ARGUMENTS), "result": extra(RESULT),
                       "retry": extra(RETRY), "countdown": extra(COUNTDOWN),
                       "rate limit": extra(RATE_LIMIT), "fork": extra(FORK_STEP)}

    def forget(self):
        self._messages = {}

    def task(self, key, name, group):
        return self._library.task_number(key)

    def is_announced(self, task):
        """The driver says itself that a task spawns it."""
        return bool(self._library.program.task(task).parent)

    def message(self, key):
        number = self._messages.get(key)
        if number is not None:
            return number, False
        number = self._messages[key] = self._name_message(key)
        return number, True

    def delivery(self, key, queue, title, headers):
        return 0

    def route(self, message, exchange, routing_key):
        queue = 0 if exchange else self.queue(routing_key)
        if queue:
            announce.message_routed(message, queue)

    def refused(self, message, queue):
        pass

    def step(self, text):
        return self._steps.get(text, 0)

    def first_step(self, task):
        return self._library.program.first_step(self._library.program.task(task))

    def queue(self, name):
        return self._library.queue_number(name)

    def exchange(self, name, kind=None):
        return self._library.exchange_number(name)

    def bind(self, exchange, queue, key):
        pass  # the manifest has them


def load_hooks(library, *parts, kind=LibraryNames):
    """The agent's hooks as a namespace; None where there is no agent. `kind` has the numbers."""
    agent = sys.modules.get("_interleave_agent")
    if agent is None or not hasattr(agent, "source"):
        return None
    space = {name: getattr(agent, name) for name in dir(agent) if name[0] != "_"}
    for part in ("broker_names",) + parts:
        exec(compile(agent.source(part), "<interleave agent>", "exec"), space)
    space["names"] = kind(library, agent.name_message)
    return space
