// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/spread.h"

#include <algorithm>
#include <cstddef>

namespace interleave::analysis {

std::optional<Spread> spreadOf(std::vector<double> values) {
    if (values.empty()) {
        return std::nullopt;
    }
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    const double median =
        values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return Spread{values.front(), median, values.back()};
}

} // namespace interleave::analysis
