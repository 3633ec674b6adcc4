// SPDX-License-Identifier: GPL-3.0-or-later
// TimeScale: which time lies at which x. One for all panels of a view, so that they line up.
#pragma once

#include "engine/base/time.h"

#include <QString>

#include <vector>

namespace interleave::chart {

struct TimeScale {
    TimeRange range;
    double leftPx = 0;
    double widthPx = 0;

    double rightPx() const { return leftPx + widthPx; }
    double nsPerPx() const;
    /// Not clamped: times outside the range lie outside the plot.
    double xOf(Nanoseconds time) const;
    Nanoseconds timeAt(double x) const;
    double clampedX(Nanoseconds time) const;
    friend bool operator==(const TimeScale&, const TimeScale&) = default;
};

struct Tick {
    double position = 0; // a time in ns, or a value
    QString label;
};

/// Ticks at 1, 2 or 5 times a power of ten, all in one unit, about one in `spacingPx`.
std::vector<Tick> timeTicks(const TimeScale& scale, double spacingPx = 110);
/// Ticks of a value axis from 0 to `maximum`; whole numbers only where `isWhole`.
std::vector<Tick> valueTicks(double maximum, double heightPx, bool isWhole);
/// The smallest 1, 2 or 5 times a power of ten that is not below the value.
double niceCeiling(double value);
/// "1.5 MB", "12", "3.4 k": a value with its unit, as short as it can be read.
QString formatValue(double value, const QString& unit);
/// A round duration, 1, 2 or 5 times a power of ten: "1 µs", "200 ms".
QString formatRound(double ns);
QString formatBytes(double bytes);

} // namespace interleave::chart
