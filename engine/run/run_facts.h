// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of any run before it starts: the machine, its cores, the time.
#pragma once

#include "engine/recording/run_info.h"

namespace interleave::run {

/// Cores that this process, and so a run that it starts, may use.
int coresOfThisProcess();

/// Cores, machine and time of start; the rest is empty.
recording::RunInfo factsOfNow();

} // namespace interleave::run
