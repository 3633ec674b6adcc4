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
    std::optional<std::size_t> nearest;
    const auto consider = [&](std::size_t index) {
        if (!nearest ||
            distanceTo(spans.rangeAt(index), time) < distanceTo(spans.rangeAt(*nearest), time)) {
            nearest = index;
        }
    };
    for (const recording::SpanLane& lane : spans.lanes()) {
        // The span after the time, and the last that begins at it or before.
        const std::size_t next = spans.indicesIn(lane, {time, time + 1}).second;
        if (next > lane.first) {
            consider(next - 1);
        }
        if (next < lane.end()) {
            consider(next);
        }
    }
    return nearest;
}

std::optional<std::size_t> longestSpan(const SpanColumns& spans, TimeRange range) {
    std::optional<std::size_t> longest;
    spans.forEachIn(range, [&](std::size_t i) {
        if (!longest || spans.duration[i] > spans.duration[*longest]) {
            longest = i;
        }
    });
    return longest;
}

Nanoseconds SpanSummary::total() const {
    return std::accumulate(ns.begin(), ns.end(), Nanoseconds{0});
}

SpanSummary summaryOf(const SpanColumns& spans, TimeRange range) {
    SpanSummary summary;
    summary.ns = spans.timesIn(range);
    for (const recording::SpanLane& lane : spans.lanes()) {
        const auto [first, last] = spans.indicesIn(lane, range);
        summary.count += last - first;
    }
    return summary;
}

} // namespace interleave::ui
