// SPDX-License-Identifier: GPL-3.0-or-later
// Tables for the terminal.
#pragma once

#include <string>
#include <vector>

namespace interleave::analysis {

using TableLines = std::vector<std::vector<std::string>>; // all of the first one's length

/// The first column to the left, numbers to the right, two spaces between.
std::string alignedTable(const TableLines& lines);

} // namespace interleave::analysis
