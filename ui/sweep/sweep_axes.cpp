// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sweep/sweep_axes.h"

#include "ui/theme/text.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kAir = 1.06;        // over the highest point
constexpr double kLeastFactor = 1.5; // from value to value, for a logarithmic axis

SweepUnit unitFor(double seconds) {
    if (seconds >= 2) {
        return {1, QStringLiteral("s")};
    }
    return seconds >= 2e-3 ? SweepUnit{1e3, QStringLiteral("ms")}
                           : SweepUnit{1e6, QStringLiteral("µs")};
}

/// 1, 2, 4, 8: on an even axis the first ones would lie on top of each other.
bool growsByFactors(const std::vector<analysis::SweepPoint>& points) {
    if (points.size() < 3 || points.front().x <= 0) {
        return false;
    }
    const auto isStep = [](const auto& a, const auto& b) { return b.x < kLeastFactor * a.x; };
    return std::ranges::adjacent_find(points, isStep) == points.end();
}

} // namespace

double SweepAxes::xOf(double value) const {
    if (lastX <= firstX) {
        return plot.center().x();
    }
    const double share = isLogarithmic ? std::log(value / firstX) / std::log(lastX / firstX)
                                       : (value - firstX) / (lastX - firstX);
    return plot.left() + share * plot.width();
}

double SweepAxes::yOf(double seconds) const {
    return plot.bottom() - std::clamp(seconds / mostS, 0.0, 1.0) * plot.height();
}

SweepAxes sweepAxes(const analysis::Sweep& sweep, const QRectF& plot) {
    SweepAxes axes;
    axes.plot = plot;
    double most = 0;
    for (const analysis::SweepPoint& point : sweep.points) {
        for (const analysis::SweepCell& cell : point.cells) {
            most = std::max(most, cell.runs > 0 ? cell.makespanS.maximum : 0);
        }
    }
    axes.mostS = most > 0 ? most * kAir : 1;
    axes.unit = unitFor(axes.mostS);
    if (!sweep.points.empty()) {
        const auto [first, last] = std::ranges::minmax(sweep.points, {}, &analysis::SweepPoint::x);
        axes.firstX = first.x;
        axes.lastX = last.x;
        axes.isLogarithmic = growsByFactors(sweep.points);
    }
    return axes;
}

bool isCategorical(const analysis::Sweep& sweep) {
    return std::ranges::any_of(sweep.points, [](const analysis::SweepPoint& point) {
        return point.text.find_first_of("0123456789") != 0;
    });
}

QString placeText(const analysis::Sweep& sweep, const analysis::SweepCrossing& crossing) {
    if (isCategorical(sweep)) {
        return tr("between %1 and %2")
            .arg(QString::fromStdString(sweep.points[crossing.after].text),
                 QString::fromStdString(sweep.points[crossing.after + 1].text));
    }
    return tr("at %1").arg(QString::fromStdString(analysis::valueText(sweep, crossing.x)));
}

} // namespace interleave::ui
