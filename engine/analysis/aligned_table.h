// SPDX-License-Identifier: GPL-3.0-or-later
// A table for the terminal: first column to the left, numbers to the right.
#pragma once

#include <string>
#include <vector>

namespace interleave::analysis {

/// Every line has as many cells as the first.
std::string alignedTable(const std::vector<std::vector<std::string>>& lines);

} // namespace interleave::analysis
