// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/span_sweep.h"

#include <limits>

namespace interleave::analysis {

using recording::kBlockValues;
using recording::SpanColumns;
using recording::SpanLane;
using recording::StateColumn;
using recording::Track;

namespace {

constexpr std::size_t kSweptSpans = 16'384;
constexpr std::size_t kSpansPerLane = 16; // finding a place in a lane costs about as much as these
constexpr Nanoseconds kEarliest = std::numeric_limits<Nanoseconds>::min();
constexpr Nanoseconds kLatest = std::numeric_limits<Nanoseconds>::max();

Nanoseconds plus(Nanoseconds a, Nanoseconds b) {
    return static_cast<Nanoseconds>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

/// Number of values up to the end of the block or to `last`.
std::size_t inBlock(std::size_t first, std::size_t last) {
    return std::min(kBlockValues - first % kBlockValues, last - first);
}

/// Spans of a lane that may begin or end in the range, or be open at its begin.
std::pair<std::size_t, std::size_t> spansIn(const SpanColumns& spans, const SpanLane& lane,
                                            Nanoseconds from, Nanoseconds until) {
    std::size_t first = lane.first;
    std::size_t last = lane.end();
    if (from != kEarliest) { // one that ends at `from` counts too
        first = spans.indicesIn(lane, {from - 1, kLatest}).first;
    }
    if (until != kLatest) {
        last = spans.indicesIn(lane, {kEarliest, until}).second;
    }
    return {first, std::max(first, last)};
}

} // namespace

SpanSweep::SpanSweep(const std::vector<const Track*>& tracks, std::optional<State> state)
    : m_state(state) {
    std::size_t count = 0;
    for (const Track* track : tracks) {
        if (state && !track->spans.hasState(*state)) {
            continue;
        }
        for (const SpanLane& lane : track->spans.lanes()) {
            if (lane.count != 0) {
                m_lanes.push_back({&track->spans, lane});
                count += lane.count;
            }
        }
    }
    chooseCuts(count);
}

void SpanSweep::chooseCuts(std::size_t spanCount) {
    const std::size_t partSpans = std::max(kSweptSpans, m_lanes.size() * kSpansPerLane);
    const std::size_t parts = spanCount / partSpans;
    if (parts < 2) {
        return;
    }
    // A sample of the begins, as dense in each lane.
    const std::size_t stride = std::max<std::size_t>(1, partSpans / 16);
    std::vector<Nanoseconds> sample;
    for (const Lane& each : m_lanes) {
        for (std::size_t i = stride / 2; i < each.lane.count; i += stride) {
            sample.push_back(each.spans->begin[each.lane.first + i]);
        }
    }
    std::ranges::sort(sample);
    for (std::size_t i = 16; i < sample.size(); i += 16) {
        if (m_cuts.empty() || sample[i] > m_cuts.back()) {
            m_cuts.push_back(sample[i]);
        }
    }
}

void SpanSweep::collect(std::size_t part, Moments& moments) const {
    const Nanoseconds from = part == 0 ? kEarliest : m_cuts[part - 1];
    const Nanoseconds until = part == m_cuts.size() ? kLatest : m_cuts[part];
    const bool isLast = part == m_cuts.size();
    std::array<std::int64_t, kBlockValues> begins;
    std::array<std::int64_t, kBlockValues> durations;
    std::array<std::int64_t, kBlockValues> states;
    for (const Lane& each : m_lanes) {
        const auto [first, last] = spansIn(*each.spans, each.lane, from, until);
        for (std::size_t i = first; i < last;) {
            const std::size_t count = inBlock(i, last);
            each.spans->begin.packed().unpack(i, count, begins.data());
            each.spans->duration.packed().unpack(i, count, durations.data());
            if (m_state) {
                each.spans->state.packed().unpack(i, count, states.data());
            }
            for (std::size_t k = 0; k < count; ++k) {
                if ((m_state && StateColumn::stateOf(states[k]) != *m_state) || durations[k] <= 0) {
                    continue;
                }
                const Nanoseconds end = plus(begins[k], durations[k]);
                if (begins[k] >= from && (isLast || begins[k] < until)) {
                    moments.begins.push_back(begins[k]);
                } else if (begins[k] < from && end >= from) {
                    ++moments.open;
                }
                if (end >= from && (isLast || end < until)) {
                    moments.ends.push_back(end);
                }
            }
            i += count;
        }
    }
    std::ranges::sort(moments.begins);
    std::ranges::sort(moments.ends);
}

} // namespace interleave::analysis
