// SPDX-License-Identifier: GPL-3.0-or-later
// `interleave [FILE...]`: the window.
#pragma once

#include <string>
#include <vector>

namespace interleave::app {

/// Opens the window with the files; an error in the environment (no display) is a sentence.
int openWindow(const std::vector<std::string>& files, int argc, char** argv);

} // namespace interleave::app
