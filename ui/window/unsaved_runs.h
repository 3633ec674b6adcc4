// SPDX-License-Identifier: GPL-3.0-or-later
// What to do about runs that nobody has saved when the window is to close.
#pragma once

#include "ui/session/run_list.h"

class QWidget;

namespace interleave::ui {

/// Those that closing would lose, a run that goes on included.
std::vector<RunId> unsavedRuns(const RunListItemModel& runs);

/// Writes each into the folder, named after scenario and model; names that exist are not
/// overwritten. Stops at the first that can't be written.
Result<void> saveRuns(RunListItemModel& runs, const std::vector<RunId>& unsaved,
                      const QString& folder);

/// Asks, but only if something would be lost. True: the window may close.
bool mayClose(RunListItemModel& runs, QWidget* parent);

} // namespace interleave::ui
