// SPDX-License-Identifier: GPL-3.0-or-later
// How long an axis has to be on which somebody predicts the end of a run. It must not give the
// answer away, so it comes from the scenario alone: all its work and waits, one after the other.
#pragma once

#include "engine/lesson/lesson.h"

namespace interleave::ui {

/// The sum of what the scenario's tasks do and wait for by themselves; 0 if it says nothing of it.
Nanoseconds nominalWork(const scenario::Scenario& scenario);

/// A round length with room behind the work of the question's run.
Nanoseconds axisLengthFor(const lesson::Lesson& lesson, const lesson::Question& question);

} // namespace interleave::ui
