// SPDX-License-Identifier: GPL-3.0-or-later
// What came of the predictions, as plain values: given, right, and how near.
#pragma once

#include "engine/lesson/lesson_result.h"
#include "engine/lesson/prediction.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace interleave::ui {

struct QuestionOutcome {
    std::optional<lesson::Answer> predicted; // none: was said not to be known
    std::optional<lesson::Answer> right;     // none: the runs don't tell, `problem` says why
    double score = 0;                        // from 0 to 1
    std::string problem;
};

std::vector<QuestionOutcome> outcomesOf(const lesson::Lesson& lesson,
                                        std::span<const std::optional<lesson::Answer>> predictions,
                                        const lesson::LessonValues& values);

/// Of all questions that the runs answer, from 0 to 100; none if they answer none.
std::optional<int> scoreOf(std::span<const QuestionOutcome> outcomes);

/// Whether the exercise's condition holds.
bool isSolved(const lesson::Exercise& exercise, const lesson::LessonValues& values);

} // namespace interleave::ui
