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

std::optional<std::size_t> nearestInLane(const SpanColumns& spans, const recording::SpanLane& lane,
                                         Nanoseconds time) {
    if (lane.count == 0) {
        return std::nullopt;
    }
    // The first span after the time, and before it the last that begins at it or earlier.
    const std::size_t next = spans.indicesIn(lane, {time, time + 1}).second;
    if (next == lane.first) {
        return next;
    }
    const std::size_t before = next - 1;
    const bool isNextNearer = next < lane.end() && distanceTo(spans.rangeAt(next), time) <
                                                       distanceTo(spans.rangeAt(before), time);
    return isNextNearer ? next : before;
}

std::optional<std::size_t> nearestSpan(const SpanColumns& spans, Nanoseconds time) {
    std::optional<std::size_t> nearest;
    Nanoseconds best = 0;
    for (const recording::SpanLane& lane : spans.lanes()) {
        const auto index = nearestInLane(spans, lane, time);
        if (!index) {
            continue;
        }
        const Nanoseconds distance = distanceTo(spans.rangeAt(*index), time);
        if (!nearest || distance == 0 || distance < best) {
            nearest = index;
            best = distance;
        }
    }
    return nearest;
}

std::optional<std::size_t> neighbourOf(const SpanColumns& spans, std::size_t index, int by) {
    for (const recording::SpanLane& lane : spans.lanes()) {
        if (index < lane.first || index >= lane.end()) {
            continue;
        }
        const auto place = static_cast<std::ptrdiff_t>(index - lane.first) + by;
        if (place >= 0 && place < static_cast<std::ptrdiff_t>(lane.count)) {
            return lane.first + static_cast<std::size_t>(place);
        }
    }
    return std::nullopt;
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
