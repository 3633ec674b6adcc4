// SPDX-License-Identifier: GPL-3.0-or-later
// How far somebody has come with each lesson, kept on this machine among the program's settings.
#pragma once

#include "engine/lesson/lesson.h"

#include <QString>

#include <optional>

namespace interleave::ui {

struct LessonProgress {
    bool isDone = false;      // its runs were made after a prediction
    std::optional<int> score; // of the last time, from 0 to 100
    bool isSolved = false;    // its exercise
    friend bool operator==(const LessonProgress&, const LessonProgress&) = default;
};

/// Shipped lessons are known by their names, others by where they lie.
LessonProgress progressOf(const lesson::Lesson& lesson);
void keepProgress(const lesson::Lesson& lesson, const LessonProgress& progress);

/// "done, 85 of 100, exercise solved"; empty for one that is not begun.
QString progressText(const LessonProgress& progress);

} // namespace interleave::ui
