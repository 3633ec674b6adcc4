// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that a program left when it was killed: finds them, says what they are, and makes
// recordings of them. A run counts as left when its writers are dead (see session_folder.h), never
// because it is old.
#pragma once

#include "ui/session/session_folder.h"
#include "ui/session/session_tail.h"

#include <QString>

#include <memory>
#include <vector>

namespace interleave::ui {

struct LeftRun {
    std::shared_ptr<SessionFolder> folder; // locked, so that no other window offers it too
    QString scenario;
    QString model;
    QString startedAt;    // ISO 8601, UTC; empty if unknown
    bool isWhole = false; // the run had come to its end, only nobody had saved it
};

/// Oldest first. Any thread.
std::vector<LeftRun> findLeftRuns(const std::vector<std::filesystem::path>& places);

/// What is there as a recording. Of a run that did not come to its end the diagnostics say so.
/// Any thread; may take as long as opening a file of that size.
Result<RecordingPtr> recoverRun(const LeftRun& run);

/// "A run of “Ten dishes” (threads) was not finished when the program ended."
QString sentenceFor(const LeftRun& run);

} // namespace interleave::ui
