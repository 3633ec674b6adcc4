// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a lesson: from what its files say to requests, and with what a student changes.
#pragma once

#include "engine/lesson/lesson.h"
#include "engine/recording/recording.h"
#include "engine/run/run.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace interleave::lesson {

/// What a student changes of a run: "workers" or a key of the model, and its value.
using Change = std::pair<std::string, std::string>;

/// The run with the changes made; an error names what can be changed.
Result<LessonRun> changedRun(LessonRun run, std::span<const Change> changes);

/// Of a run with a scenario. The caller adds the program's own path, a broker, a session.
run::RunRequest requestOf(const LessonRun& run);

/// Whether the model knows the parameters and can express the scenario's steps.
Result<void> checkRun(const LessonRun& run);

/// What a run of the lesson left.
struct RunResult {
    std::shared_ptr<const recording::Recording> recording;
    std::optional<int> exitCode; // of a program
};

} // namespace interleave::lesson
