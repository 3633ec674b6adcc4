// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/time_ticks.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

struct Unit {
    Nanoseconds ns;
    const char* name;
};
constexpr Unit kUnits[] = {{1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "µs"}, {1, "ns"}};

// Labels from this many units on move their common part to the corner.
constexpr Nanoseconds kLongLabelUnits = 10'000;

Nanoseconds stepAtLeast(double wantedNs) {
    Nanoseconds power = 1;
    while (static_cast<double>(power) * 10 <= wantedNs) {
        power *= 10;
    }
    for (const Nanoseconds factor : {1, 2, 5}) {
        if (static_cast<double>(power * factor) >= wantedNs) {
            return power * factor;
        }
    }
    return power * 10;
}

// The largest unit that the range reaches and in which a step needs no more than three decimals:
// "20.5 ms" rather than "20500 µs".
Unit unitFor(Nanoseconds step, Nanoseconds end) {
    for (const Unit& unit : kUnits) {
        if (end >= unit.ns && step * 1000 >= unit.ns) {
            return unit;
        }
    }
    return kUnits[3];
}

int decimalsFor(Nanoseconds step, Nanoseconds unit) {
    int decimals = 0;
    for (; step < unit; step *= 10) {
        ++decimals;
    }
    return decimals;
}

Nanoseconds flooredTo(Nanoseconds time, Nanoseconds step) {
    const Nanoseconds remainder = time % step;
    return time - remainder - (remainder < 0 ? step : 0);
}

QString secondsText(Nanoseconds time) {
    QString text = QString::number(toSeconds(time), 'f', 9);
    while (text.endsWith(QLatin1Char('0'))) {
        text.chop(1);
    }
    if (text.endsWith(QLatin1Char('.'))) {
        text.chop(1);
    }
    return text + QStringLiteral(" s");
}

} // namespace

TimeTicks timeTicks(TimeRange range, double widthPx, double leastGapPx) {
    TimeTicks result;
    if (range.isEmpty() || widthPx <= 0) {
        return result;
    }
    const double nsPerPx = static_cast<double>(range.durationNs()) / widthPx;
    result.stepNs = stepAtLeast(std::max(1.0, nsPerPx * leastGapPx));
    const Unit unit = unitFor(result.stepNs, range.endNs);
    const int decimals = decimalsFor(result.stepNs, unit.ns);
    Nanoseconds leading = result.stepNs;
    while (leading >= 10) {
        leading /= 10;
    }
    result.subTickCount = result.stepNs < 10 ? 0 : leading == 2 ? 3 : 4;
    Nanoseconds origin = 0;
    if (range.endNs / unit.ns >= kLongLabelUnits) {
        origin = flooredTo(range.beginNs, unit.ns * 1000);
        result.origin = QStringLiteral("from %1").arg(secondsText(origin));
    }
    Nanoseconds tick = flooredTo(range.beginNs, result.stepNs);
    if (tick < range.beginNs) {
        tick += result.stepNs;
    }
    for (; tick < range.endNs; tick += result.stepNs) {
        const QString sign = origin != 0 ? QStringLiteral("+") : QString();
        result.ticks.push_back(
            {tick, QStringLiteral("%1%2 %3")
                       .arg(sign)
                       .arg(static_cast<double>(tick - origin) / static_cast<double>(unit.ns), 0,
                            'f', decimals)
                       .arg(QString::fromUtf8(unit.name))});
    }
    return result;
}

} // namespace interleave::ui
