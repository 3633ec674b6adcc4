// SPDX-License-Identifier: GPL-3.0-or-later
// Times are signed nanoseconds from the start of the run; intervals are half-open [begin, end),
// here and everywhere. An interval is empty iff begin == end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace interleave {

using Nanoseconds = std::int64_t;

inline constexpr Nanoseconds kMs = 1'000'000;
inline constexpr Nanoseconds kSecond = 1000 * kMs;

struct TimeRange {
    Nanoseconds beginNs = 0;
    Nanoseconds endNs = 0;

    constexpr Nanoseconds durationNs() const { return endNs - beginNs; }
    constexpr bool isEmpty() const { return beginNs >= endNs; }
    constexpr bool contains(Nanoseconds t) const { return beginNs <= t && t < endNs; }
    constexpr bool overlaps(TimeRange other) const {
        return beginNs < other.endNs && other.beginNs < endNs;
    }
    constexpr TimeRange intersected(TimeRange other) const {
        const Nanoseconds begin = std::max(beginNs, other.beginNs);
        return {begin, std::max(begin, std::min(endNs, other.endNs))};
    }
    friend constexpr bool operator==(TimeRange, TimeRange) = default;
};

constexpr double toSeconds(Nanoseconds ns) {
    return static_cast<double>(ns) * 1e-9;
}

/// A duration as people read it, with three significant digits: "12.4 ms", "980 ns", "1.70 s".
std::string formatDuration(Nanoseconds ns);

} // namespace interleave
