// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be said about a session's events besides showing them: losses, ends that are missing,
// things that can't be true.
#pragma once

#include "engine/collector/core_time.h"
#include "engine/collector/task_history.h"

#include <string_view>
#include <vector>

namespace interleave::collector {

/// What says that a recording ended before the program, or some process of it, did.
inline constexpr const char* kEndedForRoom = "limit";
inline constexpr const char* kEndedInTime = "duration";
inline constexpr const char* kProcessesWentOn = "processes-went-on";
inline constexpr const char* kDetached = "detached";

/// One line of diagnostics.jsonl each; lines that are not whole are passed over.
std::vector<recording::Diagnostic> parseDiagnostics(std::string_view jsonLines);

void addSessionDiagnostics(const std::vector<StreamEvents>& streams, const SessionFacts& facts,
                           const TaskHistory& history, const WorkerTable& workers,
                           const CoreTime& cores, const Oddities& oddities,
                           recording::RecordingBuilder& builder);

} // namespace interleave::collector
