// SPDX-License-Identifier: GPL-3.0-or-later
// What `lessons` and `lesson` print: before the runs, after them, and as JSON.
#pragma once

#include "engine/lesson/lesson.h"
#include "engine/lesson/lesson_result.h"
#include "engine/lesson/prediction.h"

#include <optional>
#include <span>
#include <vector>

namespace interleave::app {

/// Goal, text and questions.
void printBeforeRuns(const lesson::Lesson& lesson);

/// Numbers, predictions beside results, phenomena, findings where the lesson shows them, and the
/// exercise; of somebody who plays, the numbers and the exercise alone.
void printAfterRuns(const lesson::Lesson& lesson,
                    std::span<const std::optional<lesson::Answer>> answers,
                    const lesson::LessonValues& values, bool isPlaying);

/// One line each: whether it was seen, and its number.
void printPhenomena(const lesson::Lesson& lesson, const lesson::LessonValues& values);

/// Whether the exercise's condition holds; true where there is none.
bool isSolved(const lesson::Lesson& lesson, const lesson::LessonValues& values);

void printLessonsJson(const std::vector<lesson::Lesson>& lessons);
void printResultJson(const lesson::Lesson& lesson,
                     std::span<const std::optional<lesson::Answer>> answers,
                     const lesson::LessonValues& values);

} // namespace interleave::app
