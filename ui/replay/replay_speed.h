// SPDX-License-Identifier: GPL-3.0-or-later
// The speeds of a replay, from a thousandth of real time to ten times as fast.
#pragma once

#include "engine/base/time.h"

#include <QString>

#include <span>

namespace interleave::ui {

/// Slowest first: 1/1000, 1/500, 1/200, ... 1, 2, 5, 10.
std::span<const double> replaySpeeds();
/// The nearest of them.
std::size_t speedNearest(double speed);
/// The one at which so much time takes about ten seconds.
double speedFor(Nanoseconds duration);
/// "1/50 x", "2 x".
QString speedText(double speed);

} // namespace interleave::ui
