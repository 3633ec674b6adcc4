// SPDX-License-Identifier: GPL-3.0-or-later
// Spans in words: for the details panel, the tool tip and the screen reader.
#pragma once

#include "engine/analysis/link_index.h"
#include "ui/view_state/view_state.h"

#include <QList>
#include <QString>
#include <optional>

namespace interleave::ui {

struct Detail {
    QString label;                   // "Duration"
    QString value;                   // "4.98 ms"
    std::optional<SpanRef> target{}; // where one gets from here
};

/// What is known about a span, in reading order; what is not known is left out.
QList<Detail> spanDetails(const recording::Recording& recording, TrackId track, std::size_t index);

/// Who caused the span and what it caused, of each at most some ten, with the span that lies there
/// on a row of this grouping.
QList<Detail> linkDetails(const analysis::LinkIndex& links, SpanRef span, Grouping grouping);

/// "worker 1: running 62 %, waiting for GIL 31 %, 418 spans"; for who can't see the row.
QString rowSentence(const recording::Recording& recording, TrackId track, TimeRange range);

/// A few lines: state, duration, task, worker, core, cause.
QString spanTip(const recording::Recording& recording, TrackId track, std::size_t index);

/// "412 spans: 61 % running, 30 % waiting_gil, 9 % nothing".
QString mergedTip(const recording::Recording& recording, TrackId track, TimeRange range);

} // namespace interleave::ui
