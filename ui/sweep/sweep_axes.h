// SPDX-License-Identifier: GPL-3.0-or-later
// Which value of the parameter lies at which x of a sweep's chart, and which time at which y.
#pragma once

#include "engine/analysis/sweep.h"

#include <QRectF>
#include <QString>

namespace interleave::ui {

/// The unit in which the longest run is a number that people read.
struct SweepUnit {
    double perSecond = 1;
    QString name; // "ms"
};

struct SweepAxes {
    QRectF plot;
    double firstX = 0;
    double lastX = 1;
    bool isLogarithmic = false; // the values grow by factors
    double mostS = 1;           // at the top of the plot
    SweepUnit unit;

    double xOf(double value) const;
    double yOf(double seconds) const;
};

/// Of all models together, so that several charts can be compared by eye.
SweepAxes sweepAxes(const analysis::Sweep& sweep, const QRectF& plot);

/// Values that are words ("fork") have no order between them.
bool isCategorical(const analysis::Sweep& sweep);

/// "2.4", "3 ms", "between fork and spawn"
QString placeText(const analysis::Sweep& sweep, const analysis::SweepCrossing& crossing);

} // namespace interleave::ui
