// SPDX-License-Identifier: GPL-3.0-or-later
// Spans in words: for the details panel, the tool tip and the screen reader.
#pragma once

#include "engine/recording/recording.h"

#include <QList>
#include <QString>

namespace interleave::ui {

struct Detail {
    QString label; // "Duration"
    QString value; // "4.98 ms"
};

/// What is known about a span, in reading order; what is not known is left out.
QList<Detail> spanDetails(const recording::Recording& recording, TrackId track, std::size_t index);

/// A few lines: state, duration, task, worker, core, cause.
QString spanTip(const recording::Recording& recording, TrackId track, std::size_t index);

/// "412 spans: 61 % running, 30 % waiting_gil, 9 % nothing".
QString mergedTip(const recording::Recording& recording, TrackId track, TimeRange range);

} // namespace interleave::ui
