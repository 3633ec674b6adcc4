// SPDX-License-Identifier: GPL-3.0-or-later
// Ticks of the time axis: steps of 1, 2 or 5 times a power of ten, all labels in one unit. Deep in
// a long recording the common part of the labels moves to the corner ("from 12.410 s").
#pragma once

#include "engine/base/time.h"

#include <QString>
#include <vector>

namespace interleave::ui {

struct TimeTick {
    Nanoseconds timeNs = 0;
    QString label;
};

struct TimeTicks {
    Nanoseconds stepNs = 1;
    int subTickCount = 0; // between two ticks
    QString origin;       // what the labels count from; empty: the start of the run
    std::vector<TimeTick> ticks;
};

/// At least `leastGapPx` between ticks, none outside the range.
TimeTicks timeTicks(TimeRange range, double widthPx, double leastGapPx = 84);

} // namespace interleave::ui
