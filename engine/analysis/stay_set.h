// SPDX-License-Identifier: GPL-3.0-or-later
// StaySet: who was somewhere when. Made once of all stays, it answers "how many at this moment" and
// "which are there the longest" without a look at the others.
#pragma once

#include "engine/base/time.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace interleave::analysis {

struct Stay {
    TimeRange range;
    std::uint32_t message = 0;
    bool isAgain = false; // not for the first time
    friend bool operator==(const Stay&, const Stay&) = default;
};

class StaySet {
public:
    StaySet() = default;
    /// In any order. O(n log n).
    explicit StaySet(std::vector<Stay> stays);

    std::size_t size() const { return m_stays.size(); }
    /// In order of their begin.
    const std::vector<Stay>& stays() const { return m_stays; }
    /// O(log n).
    std::size_t countAt(Nanoseconds when) const;
    /// Those that are there, the longest there first, at most so many. O(most * log n).
    std::vector<Stay> at(Nanoseconds when, std::size_t most) const;
    /// The most at once.
    std::size_t maximum() const { return m_maximum; }

private:
    void collect(Nanoseconds when, std::size_t node, std::size_t first, std::size_t count,
                 std::size_t most, std::vector<Stay>& found) const;

    std::vector<Stay> m_stays;       // by begin
    std::vector<Nanoseconds> m_ends; // sorted
    /// A heap-shaped tree over m_stays: the latest end of each half, quarter, ...
    std::vector<Nanoseconds> m_latestEnd;
    std::size_t m_leaves = 0; // a power of two
    std::size_t m_maximum = 0;
};

} // namespace interleave::analysis
