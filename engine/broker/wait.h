// SPDX-License-Identifier: GPL-3.0-or-later
// Connections to a broker: how long to wait, how much to gather, and the waiting itself.
#pragma once

#include "engine/base/time.h"

#include <cstddef>

namespace interleave::broker {

/// Of the steady clock, for deadlines.
Nanoseconds steadyNow();

/// A broker that says or takes nothing for so long, without a word why, is gone or stopped.
inline constexpr Nanoseconds kLongestSilence = 30 * kSecond;
/// So much is gathered before it is written to a socket, and waited for.
inline constexpr std::size_t kMostUnsent = 32 * 1024;

enum class Waited { Readable, Woken, TimedOut };
/// Until `fd` is readable (or broken), `wakeFd` is (-1: nothing) or the time is over; <= 0: looks
/// only.
Waited waitReadable(int fd, int wakeFd, Nanoseconds waitNs);

} // namespace interleave::broker
