// SPDX-License-Identifier: GPL-3.0-or-later
// The timelines of a comparison: the tasks of each run, one below the other, on one time axis that
// begins at zero, the end of each as a flag.
#pragma once

#include "ui/compare/compare_layout.h"

#include <QStringList>

namespace interleave::ui {

void addTimelines(ComparePicture& picture, const CompareModel& model, const CompareInputs& inputs,
                  const CompareLayout& layout);

/// How many tasks are in which state at that time.
QString tasksAt(const CompareRun& run, Nanoseconds time);

/// "10 workers", "start = fork"
QStringList settingsList(const recording::RunInfo& info);
QString settingsOf(const recording::RunInfo& info);
/// With commas, as many from the front as fit into the width.
QString joined(const QStringList& parts, double widthPx);

} // namespace interleave::ui
