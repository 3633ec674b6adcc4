// SPDX-License-Identifier: GPL-3.0-or-later
// SpanSweep: goes through the begins and ends of many tracks' spans in order of time. The spans of
// a lane are in order already, so time is cut into parts of some thousand spans, each of which is
// sorted and swept for itself: in the cache, and on all cores.
#pragma once

#include "engine/recording/recording.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace interleave::analysis {

class SpanSweep {
public:
    /// Spans in the given state, or all. Empty ones count nothing.
    SpanSweep(const std::vector<const recording::Track*>& tracks, std::optional<State> state);

    std::size_t partCount() const { return m_cuts.size() + 1; }

    /// Where the part ends and the next begins; not of the last.
    Nanoseconds endOf(std::size_t part) const { return m_cuts[part]; }

    /// Calls level(time, count) for each moment in a part at which spans begin or end, and for its
    /// begin (except of the first part). Thread-safe.
    template <class Function>
    void sweep(std::size_t part, Function&& level) const {
        Moments moments;
        collect(part, moments);
        auto count = static_cast<std::int64_t>(moments.open);
        if (part > 0) {
            level(m_cuts[part - 1], count);
        }
        std::size_t b = 0;
        std::size_t e = 0;
        const std::vector<Nanoseconds>& begins = moments.begins;
        const std::vector<Nanoseconds>& ends = moments.ends;
        while (b < begins.size() || e < ends.size()) {
            const Nanoseconds now = e == ends.size()     ? begins[b]
                                    : b == begins.size() ? ends[e]
                                                         : std::min(begins[b], ends[e]);
            for (; b < begins.size() && begins[b] == now; ++b) {
                ++count;
            }
            for (; e < ends.size() && ends[e] == now; ++e) {
                --count;
            }
            level(now, count);
        }
    }

private:
    struct Lane {
        const recording::SpanColumns* spans = nullptr;
        recording::SpanLane lane;
    };
    struct Moments {
        std::size_t open = 0; // begun before the part, and not ended before it
        std::vector<Nanoseconds> begins;
        std::vector<Nanoseconds> ends;
    };

    void chooseCuts(std::size_t spanCount);
    void collect(std::size_t part, Moments& moments) const;

    std::vector<Lane> m_lanes;
    std::optional<State> m_state;
    std::vector<Nanoseconds> m_cuts; // between parts
};

} // namespace interleave::analysis
