# SPDX-License-Identifier: GPL-3.0-or-later
# Numbers that this program shares with the C++ side (engine/base/state.h, engine/scenario/program.h,
# engine/models/python/python_block.h); names are theirs.

QUEUED, RESERVED, STARTING, RUNNING, READY, WAITING_GIL, WAITING_LOCK, WAITING_IO, SLEEPING, \
    SUSPENDED, BLOCKED, TRANSFER, RETRYING, DONE, FAILED, CANCELLED = range(16)

# Kinds of actions.
COMPUTE, IO, SLEEP, ACQUIRE, RELEASE, BARRIER, PUT, GET, SPAWN, AWAIT, PUBLISH, FAIL, CRASH = \
    range(13)

# Kinds of objects.
LOCK, SEMAPHORE, BARRIER_OBJECT, QUEUE, EXCHANGE, MESSAGE_QUEUE = range(6)

# How a lock was got.
FREE, HANDOFF = 0, 1

# How far a task has got.
UNBORN, SUBMITTED, STARTED, ENDED = range(4)

# Steps that no scenario names, from Program.first_extra_step on.
ARGUMENTS, RESULT, START, TASK, RETRY, PUBLISH_STEP, CONFIRM, COUNTDOWN, RATE_LIMIT, \
    ACKNOWLEDGE = range(10)
FORK_STEP = START
