// SPDX-License-Identifier: GPL-3.0-or-later
// The result of a lesson in words, as HTML for LessonText. Numbers come out of the runs; what a
// teacher wrote is escaped. Right and wrong are told by words and signs, not by colours.
#pragma once

#include "engine/lesson/lesson_result.h"
#include "ui/lessons/lesson_outcome.h"

#include <QString>

#include <span>

namespace interleave::ui {

/// Predictions beside measurements, with scores and reasons.
QString predictionsHtml(const lesson::Lesson& lesson, std::span<const QuestionOutcome> outcomes);

/// What the runs had to show, and the numbers.
QString phenomenaHtml(const lesson::Lesson& lesson, const lesson::LessonValues& values);

/// What the program itself finds in the runs; empty if the lesson doesn't show it.
QString findingsHtml(const lesson::Lesson& lesson, const lesson::LessonValues& values);

/// Some numbers of runs side by side, a row each; a run that was not made has none.
struct NamedResult {
    QString title;
    const analysis::Statistics* statistics = nullptr;
};
QString numbersHtml(std::span<const NamedResult> runs);

/// The rows for the lesson's own runs.
std::vector<NamedResult> namedResults(const lesson::Lesson& lesson,
                                      const lesson::LessonValues& values);

} // namespace interleave::ui
