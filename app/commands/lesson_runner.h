// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the runs of a lesson, one after the other, in this process.
#pragma once

#include "engine/base/result.h"
#include "engine/lesson/lesson_runs.h"

#include <stop_token>
#include <string>
#include <vector>

namespace interleave::app {

struct LessonRunOptions {
    std::string broker; // a URL; empty: INTERLEAVE_BROKER, else the one in memory
    /// What recorded programs print goes to stderr, so that stdout is ours alone.
    bool keepsStdout = false;
};

/// In the order of lesson.runs. Stopping ends it early, without an error.
Result<std::vector<lesson::RunResult>>
runAll(const lesson::Lesson& lesson, const LessonRunOptions& options, std::stop_token stop);

} // namespace interleave::app
