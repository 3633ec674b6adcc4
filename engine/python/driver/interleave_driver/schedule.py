# SPDX-License-Identifier: GPL-3.0-or-later
# Which task the run itself submits when: arrivals, `after`, chains, the ends of tasks. Bookkeeping only;
# the counterpart of engine/models/schedule/submissions.h. Any thread may call ended().
import heapq
import threading
import time

from .names import DONE, SPAWN, UNBORN


def now_ns():
    return int(time.monotonic() * 1e9)


class Schedule:
    def __init__(self, program, block):
        self._program = program
        self._block = block
        self._lock = threading.Lock()
        self._left = len(program.tasks)
        self._due = []  # heap of (when, task)
        self._followers = {}  # by task: lists of counters
        begin = now_ns()
        groups = {}
        for task in program.tasks:
            if task.parent or task.is_chained:
                continue
            if not task.after:
                self._due.append((begin + task.arrival_ns, task.id))
                continue
            group = groups.get(id(task.after))  # tasks of one template share the list
            if group is None:
                group = groups[id(task.after)] = [len(task.after), []]
                for predecessor in task.after:
                    self._followers.setdefault(predecessor, []).append(group)
            group[1].append(task)
        heapq.heapify(self._due)
        if self._left == 0:
            block.tell_all_ended()

    def take_due(self):
        """Tasks whose time has come, in order of arrival."""
        if not self._due:
            return []
        now, due = now_ns(), []
        with self._lock:
            while self._due and self._due[0][0] <= now:
                due.append(heapq.heappop(self._due)[1])
        return due

    def seconds_to_next(self):
        """None: only the end of a task can bring another one."""
        with self._lock:
            return max(0.0, (self._due[0][0] - now_ns()) / 1e9) if self._due else None

    def all_ended(self):
        return self._left == 0

    def ended(self, task, end):
        """True: the submitting thread has something new to do."""
        tasks = [task] if end == DONE else [task] + self._unspawned(task)
        is_news = False
        then = self._program.task(task).then
        with self._lock:
            if then and end == DONE:
                heapq.heappush(self._due, (now_ns(), then))
                is_news = True
            for one in tasks:
                self._left -= 1
                for group in self._followers.get(one, ()):
                    group[0] -= 1
                    if group[0] == 0:
                        is_news = True
                        now = now_ns()
                        for follower in group[1]:
                            heapq.heappush(self._due, (now + follower.arrival_ns, follower.id))
            if self._left == 0:
                self._block.tell_all_ended()
            return is_news or self._left == 0

    def _unspawned(self, task):
        """What a failed task leaves undone: children that it never spawned, the rest of its
        chain, and what these would have led to."""
        found, to_visit = [], [task]
        while to_visit:
            visited = self._program.task(to_visit.pop())
            if visited.then and self._block.phase(visited.then) == UNBORN:
                found.append(visited.then)
                to_visit.append(visited.then)
            for action in visited.actions:
                if action.kind == SPAWN:
                    for child in action.tasks:
                        if self._block.phase(child) == UNBORN:
                            found.append(child)
                            to_visit.append(child)
        return found
