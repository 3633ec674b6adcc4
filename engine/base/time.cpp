// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/time.h"

#include <cmath>
#include <fmt/format.h>

namespace interleave {

std::string formatDuration(Nanoseconds ns) {
    const double magnitude = std::abs(static_cast<double>(ns));
    const char* unit = "ns";
    double divisor = 1;
    // 999.5 rounds to 1000 in three digits, so it already reads better in the next unit.
    if (magnitude >= 999.5e6) {
        unit = "s", divisor = 1e9;
    } else if (magnitude >= 999.5e3) {
        unit = "ms", divisor = 1e6;
    } else if (magnitude >= 999.5) {
        unit = "µs", divisor = 1e3;
    }
    if (divisor == 1) {
        return fmt::format("{} ns", ns);
    }
    const double value = static_cast<double>(ns) / divisor;
    const int decimals = std::abs(value) < 9.995 ? 2 : std::abs(value) < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f} {}", value, decimals, unit);
}

} // namespace interleave
