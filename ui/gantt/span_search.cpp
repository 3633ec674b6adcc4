// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/span_search.h"

#include <algorithm>
#include <numeric>

namespace interleave::ui {

using recording::SpanColumns;

namespace {

Nanoseconds distanceTo(TimeRange range, Nanoseconds time) {
    if (range.contains(time)) {
        return 0;
    }
    return time < range.beginNs ? range.beginNs - time : time - range.endNs + 1;
}

} // namespace

std::optional<std::size_t> nearestSpan(const SpanColumns& spans, Nanoseconds time) {
    if (spans.size() == 0) {
        return std::nullopt;
    }
    const auto after = std::upper_bound(spans.begin.begin(), spans.begin.end(), time);
    const auto next = static_cast<std::size_t>(after - spans.begin.begin());
    if (next == 0) {
        return 0;
    }
    const std::size_t before = next - 1;
    if (next == spans.size()) {
        return before;
    }
    const bool isNextNearer =
        distanceTo(spans.rangeAt(next), time) < distanceTo(spans.rangeAt(before), time);
    return isNextNearer ? next : before;
}

std::optional<std::size_t> longestSpan(const SpanColumns& spans, TimeRange range) {
    const auto [first, last] = spans.indicesIn(range);
    std::optional<std::size_t> longest;
    for (std::size_t i = first; i < last; ++i) {
        if (spans.rangeAt(i).overlaps(range) &&
            (!longest || spans.duration[i] > spans.duration[*longest])) {
            longest = i;
        }
    }
    return longest;
}

Nanoseconds SpanSummary::total() const {
    return std::accumulate(ns.begin(), ns.end(), Nanoseconds{0});
}

SpanSummary summaryOf(const SpanColumns& spans, TimeRange range) {
    SpanSummary summary;
    const auto [first, last] = spans.indicesIn(range);
    for (std::size_t i = first; i < last; ++i) {
        const TimeRange part = spans.rangeAt(i).intersected(range);
        if (!part.isEmpty()) {
            ++summary.count;
            summary.ns[static_cast<std::size_t>(spans.state[i])] += part.durationNs();
        }
    }
    return summary;
}

} // namespace interleave::ui
