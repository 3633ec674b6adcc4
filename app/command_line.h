// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of design.md section 3.
#pragma once

namespace interleave::app {

/// Parses and carries out; returns the exit code.
int runCommandLine(int argc, char** argv);

} // namespace interleave::app
