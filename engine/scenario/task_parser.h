// SPDX-License-Identifier: GPL-3.0-or-later
// Reads one [[task]]: its steps, its place in time and how a broker treats its messages.
#pragma once

#include "engine/scenario/step_parser.h"

namespace interleave::scenario {

/// The task as far as it can be read; mistakes go to `problems`. A count that is left out is 1.
TaskTemplate parseTask(const Value& table, const DeclaredNames& names, Problems& problems);

} // namespace interleave::scenario
