# SPDX-License-Identifier: GPL-3.0-or-later
# The expanded scenario as the C++ side wrote it (engine/models/python/program_text.cpp).
import json

from .names import TASK


class Action:
    __slots__ = ("kind", "step", "duration_ns", "kernel", "releases_gil", "is_blocking", "bytes",
                 "object", "tasks", "strikes", "index", "units")

    def __init__(self, index, fields):
        (self.kind, self.step, self.duration_ns, self.kernel, self.releases_gil, self.is_blocking,
         self.bytes, self.object, self.tasks, self.strikes) = fields
        self.index = index
        self.units = 0  # of a compute step: how much work, once the speed is known

    def strikes_in(self, attempt):
        if not self.strikes:
            return False
        return bool(self.strikes[min(attempt, len(self.strikes) - 1)])


class Task:
    __slots__ = ("id", "actions", "parent", "arrival_ns", "payload", "result", "retries",
                 "retry_delay_ns", "retry_delays", "template", "after", "then", "is_chained")

    def __init__(self, number, fields, actions, afters):
        self.id = number
        (which, self.parent, self.arrival_ns, self.payload, self.result, self.retries,
         self.retry_delay_ns, self.retry_delays, self.template, after, self.then) = fields
        self.is_chained = False  # some task's `then`: submitted when that one has ended well
        self.actions = actions[which]
        self.after = afters[after - 1] if after else ()

    def delay_before_retry_ns(self, failed_try):
        delays = self.retry_delays
        return delays[min(failed_try, len(delays) - 1)] if delays else self.retry_delay_ns


class Object:
    __slots__ = ("id", "kind", "capacity")

    def __init__(self, number, fields):
        self.id = number
        self.kind, self.capacity = fields


class Program:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self.model = data["model"]
        self.workers = data["workers"]
        self.settings = data["settings"]
        self.path = path
        self.port = data["port"]
        self.block_path = data["block"]
        self.first_extra_step = data["first_extra_step"]
        self.library = data["library"]
        self.actions = [[Action(index, fields) for index, fields in enumerate(actions)]
                        for actions in data["actions"]]
        self.tasks = [Task(number, fields, self.actions, data["after"])
                      for number, fields in enumerate(data["tasks"], 1)]
        for task in self.tasks:
            if task.then:
                self.task(task.then).is_chained = True
        self.objects = [Object(number, fields) for number, fields in enumerate(data["objects"], 1)]

    def task(self, number):
        return self.tasks[number - 1]

    def object(self, number):
        return self.objects[number - 1]

    def extra_step(self, which):
        return self.first_extra_step + which

    def first_step(self, task):
        """What a task is in when it begins."""
        return task.actions[0].step if task.actions else self.extra_step(TASK)

    def uses(self, kind):
        return any(action.kind == kind for actions in self.actions for action in actions)
