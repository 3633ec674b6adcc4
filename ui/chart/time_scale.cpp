// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart/time_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace interleave::chart {

namespace {

double stepFor(double span, double wantedCount) {
    if (!(span > 0) || !(wantedCount > 0)) {
        return 1;
    }
    return niceCeiling(span / std::max(1.0, wantedCount));
}

constexpr double kLongestLabel = 10'000;

struct TimeUnit {
    double ns;
    const char* name;
};

TimeUnit unitFor(double stepNs) {
    static constexpr std::array units{TimeUnit{1e9, "s"}, TimeUnit{1e6, "ms"}, TimeUnit{1e3, "µs"}};
    for (const TimeUnit unit : units) {
        if (stepNs >= unit.ns * 0.999) {
            return unit;
        }
    }
    return {1, "ns"};
}

QString trimmed(double value, int decimals) {
    QString text = QString::number(value, 'f', std::clamp(decimals, 0, 9));
    if (text.contains(u'.')) {
        while (text.endsWith(u'0')) {
            text.chop(1);
        }
        if (text.endsWith(u'.')) {
            text.chop(1);
        }
    }
    return text == QStringLiteral("-0") ? QStringLiteral("0") : text;
}

} // namespace

double TimeScale::nsPerPx() const {
    return widthPx > 0 ? static_cast<double>(range.durationNs()) / widthPx : 0.0;
}

double TimeScale::xOf(Nanoseconds time) const {
    if (range.isEmpty()) {
        return leftPx;
    }
    return leftPx + static_cast<double>(time - range.beginNs) /
                        static_cast<double>(range.durationNs()) * widthPx;
}

Nanoseconds TimeScale::timeAt(double x) const {
    return range.beginNs + static_cast<Nanoseconds>(std::floor((x - leftPx) * nsPerPx()));
}

double TimeScale::clampedX(Nanoseconds time) const {
    return std::clamp(xOf(time), leftPx, rightPx());
}

double niceCeiling(double value) {
    if (!(value > 0) || !std::isfinite(value)) {
        return 1;
    }
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (value <= factor * power * (1 + 1e-9)) {
            return factor * power;
        }
    }
    return 10 * power;
}

std::vector<Tick> timeTicks(const TimeScale& scale, double spacingPx) {
    std::vector<Tick> ticks;
    if (scale.range.isEmpty() || scale.widthPx <= 0) {
        return ticks;
    }
    const auto span = static_cast<double>(scale.range.durationNs());
    const double step = std::max(1.0, stepFor(span, scale.widthPx / spacingPx));
    const auto end = static_cast<double>(scale.range.endNs);
    TimeUnit unit = unitFor(step);
    while (unit.ns < 1e9 && end / unit.ns >= kLongestLabel) {
        unit = unitFor(unit.ns * 1000); // "10.5 ms", not "10500 µs"
    }
    const int decimals =
        std::max(0, static_cast<int>(std::ceil(-std::log10(step / unit.ns) - 1e-9)));
    const double first = std::ceil(static_cast<double>(scale.range.beginNs) / step) * step;
    for (int i = 0; i < 200; ++i) {
        const double at = first + i * step;
        if (at > static_cast<double>(scale.range.endNs)) {
            break;
        }
        ticks.push_back(
            {at, trimmed(at / unit.ns, decimals) + u' ' + QString::fromUtf8(unit.name)});
    }
    return ticks;
}

std::vector<Tick> valueTicks(double maximum, double heightPx, bool isWhole) {
    std::vector<Tick> ticks;
    double step = stepFor(maximum, heightPx / 26);
    if (isWhole) {
        step = std::max(1.0, step);
    }
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    for (int i = 0; i < 100 && i * step <= maximum * (1 + 1e-9); ++i) {
        ticks.push_back({i * step, trimmed(i * step, decimals)});
    }
    return ticks;
}

QString formatRound(double ns) {
    const TimeUnit unit = unitFor(ns);
    return trimmed(ns / unit.ns, 0) + u' ' + QString::fromUtf8(unit.name);
}

QString formatBytes(double bytes) {
    static constexpr std::array names{"B", "kB", "MB", "GB", "TB"};
    std::size_t index = 0;
    while (bytes >= 1000 && index + 1 < names.size()) {
        bytes /= 1000;
        ++index;
    }
    return trimmed(bytes, bytes < 10 && index > 0 ? 1 : 0) + u' ' + QLatin1String(names[index]);
}

QString formatValue(double value, const QString& unit) {
    if (unit == QStringLiteral("B")) {
        return formatBytes(value);
    }
    QString number;
    if (value >= 1e6) {
        number = trimmed(value / 1e6, 1) + QStringLiteral(" M");
    } else if (value >= 1e4) {
        number = trimmed(value / 1e3, 1) + QStringLiteral(" k");
    } else {
        number = trimmed(value, value < 10 ? 2 : (value < 100 ? 1 : 0));
    }
    return unit.isEmpty() ? number : number + u' ' + unit;
}

} // namespace interleave::chart
