# SPDX-License-Identifier: GPL-3.0-or-later
# Who is who among the processes of the model pika: publishers first, then the consumers of each
# queue that a task handles.

WORK_VARIABLE = "INTERLEAVE_WORK"  # the pipe by which tasks come to publishers

# Told by the bell in place of an end.
RECEIVED = -2  # of no task: a message has come
NOTHING = -3  # with the number of the question: there is nothing left


class Role:
    __slots__ = ("name", "queue", "acks_itself")

    def __init__(self, name, queue=0, acks_itself=False):
        self.name = name
        self.queue = queue  # 0: a publisher
        self.acks_itself = acks_itself


def roles_of(library):
    program = library.program
    settings = program.settings
    tasks = sum(not library.more(task.id).get("handles") for task in program.tasks)
    publishers = min(settings["publishers"] or program.workers, max(tasks, 1))
    roles = [Role("publisher %d" % (index + 1)) for index in range(publishers)]
    for template in library.templates:
        queue = template["handles"]
        if not queue:
            continue
        acks_itself = settings["acks"] == "auto" if template["acks_late"] is None \
            else not template["acks_late"]
        count = program.workers if template["consumers"] is None else template["consumers"]
        roles += [Role("%s %d" % (library.queues[queue]["name"], index + 1), queue, acks_itself)
                  for index in range(count)]
    return roles
