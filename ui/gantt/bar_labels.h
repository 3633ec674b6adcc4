// SPDX-License-Identifier: GPL-3.0-or-later
// BarLabels: what is written in a bar, shortened from its middle until it fits. Names repeat, so
// each is measured once.
#pragma once

#include "engine/recording/recording.h"

#include <QFontMetricsF>
#include <QHash>
#include <QString>

namespace interleave::ui {

/// What a bar is called: on a task's row what the task does, elsewhere whose bar it is.
QString barName(const recording::Recording& recording, const recording::Track& track,
                std::size_t span);

class BarLabels {
public:
    BarLabels(const recording::Recording& recording, const QFont& font);

    /// Empty when not even a shortened label fits.
    QString labelFor(const recording::Track& track, std::size_t span, double widthPx);

private:
    const recording::Recording& m_recording;
    QFontMetricsF m_metrics;
    QHash<QString, double> m_widths;
    QHash<QPair<QString, int>, QString> m_elided;
};

} // namespace interleave::ui
