// SPDX-License-Identifier: GPL-3.0-or-later
// How the expressions of a lesson name a number: RUN.NAME, say threads.makespan_s, with NAME as in
// --fail-if; the run may be left out where there is only one.
#pragma once

#include "engine/lesson/lesson.h"

#include <span>
#include <string_view>

namespace interleave::lesson {

struct RunValueName {
    std::size_t run = 0;
    std::string_view value;
};

/// Of a program that was recorded, beside what every run has.
inline constexpr std::string_view kExitCode = "exit_code";

/// An error is the reason, without a place.
Result<RunValueName> splitName(std::span<const LessonRun> runs, std::string_view name);
Result<void> checkName(std::span<const LessonRun> runs, std::string_view name);

/// Whether a run may be called that: letters, digits and _, and no word of expressions.
bool mayNameARun(std::string_view name);

} // namespace interleave::lesson
