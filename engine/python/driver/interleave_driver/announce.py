# SPDX-License-Identifier: GPL-3.0-or-later
# Says what happens to tasks, into the recording: the functions of the agent's private module
# (engine/python/agent/README.md). Where there is no agent the scenario is executed all the same.
import sys

_agent = sys.modules.get("_interleave_agent")


def _nothing(*_):
    return None


def _function(name):
    return getattr(_agent, name, _nothing)


has_agent = _agent is not None
state = _function("state")  # (task, state[, object[, step[, detached]]])
acquired = _function("acquired")  # (task, object, how)
released = _function("released")  # (task, object)
spawned = _function("spawned")  # (child, parent)
woken = _function("woken")  # (task, waker)
queue_put = _function("queue_put")  # (item, queue)
queue_got = _function("queue_got")  # (item, queue)
message_routed = _function("message_routed")  # (message, queue), and the like
message_expired = _function("message_expired")
message_overflowed = _function("message_overflowed")
message_dead_lettered = _function("message_dead_lettered")
message_unroutable = _function("message_unroutable")
message_confirmed = _function("message_confirmed")
level = _function("level")  # (counter, value)
name_thread = _function("name_thread")  # (text)
role = _function("role")  # ("worker" or "control")


def complain(sentence):
    """What went wrong outside the scenario; the starting program reads it and shows it."""
    sys.stderr.write("interleave: %s\n" % sentence)
    sys.stderr.flush()
