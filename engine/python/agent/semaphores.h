// SPDX-License-Identifier: GPL-3.0-or-later
// POSIX semaphores, which are Python's locks too. Everything else is in semaphores.cpp.
#pragma once

#include "engine/python/agent/lock_events.h"

namespace interleave::agent {

/// Whether the program's locks are recorded now.
inline bool recordsLocks() {
    return records(Group::Locks);
}

} // namespace interleave::agent
