// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for a descriptor, for as long as a caller allows.
#pragma once

#include "engine/base/time.h"

namespace interleave::broker {

/// Of the steady clock, for deadlines.
Nanoseconds steadyNow();

enum class Waited { Readable, Woken, TimedOut };
/// Until `fd` is readable (or broken), `wakeFd` is (-1: nothing) or the time is over; <= 0: looks
/// only.
Waited waitReadable(int fd, int wakeFd, Nanoseconds waitNs);

} // namespace interleave::broker
