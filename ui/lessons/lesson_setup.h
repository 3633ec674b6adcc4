// SPDX-License-Identifier: GPL-3.0-or-later
// A run of a lesson as the window starts one: a process of its own, in the queue of all runs.
#pragma once

#include "engine/lesson/lesson.h"
#include "ui/session/run_setup.h"

namespace interleave::ui {

RunSetup setupFor(const lesson::LessonRun& run);

} // namespace interleave::ui
