// SPDX-License-Identifier: GPL-3.0-or-later
// Exit codes of the command line, and the one place where its errors are printed.
#pragma once

#include "engine/base/result.h"

namespace interleave::app {

enum ExitCode : int {
    kDone = 0,
    kConditionMet = 1, // --fail-if held
    kBadInput = 2,
    kMissingPart = 3,
    kInterrupted = 130, // ended by Ctrl-C; what was recorded until then was kept
};

/// Prints the sentence to stderr and returns the exit code that fits it.
int report(const Error& error);

} // namespace interleave::app
