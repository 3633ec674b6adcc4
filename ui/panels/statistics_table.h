// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of one run or of two side by side, as lines of text. Decides what is said and how;
// what is not known is said to be unknown, never zero.
#pragma once

#include "engine/analysis/statistics.h"

#include <QStringList>

#include <vector>

namespace interleave::ui {

struct StatisticsLine {
    QString name;
    QString help;
    QStringList values; // one for each recording
    bool isHeading = false;
};

std::vector<StatisticsLine> statisticsLines(const std::vector<analysis::Statistics>& statistics);

} // namespace interleave::ui
