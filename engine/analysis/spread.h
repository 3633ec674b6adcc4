// SPDX-License-Identifier: GPL-3.0-or-later
// Spread: what several runs of the same thing came to.
#pragma once

#include <optional>
#include <vector>

namespace interleave::analysis {

struct Spread {
    double minimum = 0;
    double median = 0; // of an even number the mean of both in the middle
    double maximum = 0;
};
/// None of no values.
std::optional<Spread> spreadOf(std::vector<double> values);

} // namespace interleave::analysis
