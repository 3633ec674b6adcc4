// SPDX-License-Identifier: GPL-3.0-or-later
// Who gives up the GIL because another thread has asked waits, off the core, until that thread has
// it, and only then for the lock itself (CPython's "forced switch"). No event tells of the first
// part, so that it would show as sleep; what the threads and the kernel say together shows it.
#pragma once

#include "engine/collector/lock_holds.h"

namespace interleave::collector {

/// Lets waits for a GIL begin where their thread left the core for the forced switch: it did so
/// after its release, was off the core at the moment when the other thread took the lock, and
/// waited for the lock at once when it was back (within 100 us, see the source).
void addForcedSwitches(const LockHolds& holds, const Manifest& manifest, const WorkerTable& workers,
                       TaskHistory& history, Occupancy& occupancy);

} // namespace interleave::collector
