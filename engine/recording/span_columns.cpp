// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/span_columns.h"

#include <algorithm>
#include <numeric>

namespace interleave::recording {

namespace {

template <class T>
void permute(std::vector<T>& column, const std::vector<std::size_t>& order) {
    std::vector<T> sorted;
    sorted.reserve(column.size());
    for (const std::size_t index : order) {
        sorted.push_back(column[index]);
    }
    column = std::move(sorted);
}

} // namespace

Span SpanColumns::at(std::size_t index) const {
    return {.range = rangeAt(index),
            .state = state[index],
            .task = task[index],
            .worker = worker[index],
            .core = core[index],
            .name = name[index],
            .cause = cause[index],
            .depth = depth[index],
            .isPreempted = isPreempted[index]};
}

void SpanColumns::push(const Span& span) {
    begin.push_back(span.range.beginNs);
    duration.push_back(span.range.durationNs());
    task.push_back(span.task);
    worker.push_back(span.worker);
    name.push_back(span.name);
    cause.push_back(span.cause);
    core.push_back(span.core);
    depth.push_back(span.depth);
    state.push_back(span.state);
    isPreempted.push_back(span.isPreempted);
}

void SpanColumns::reserve(std::size_t count) {
    begin.reserve(count);
    duration.reserve(count);
    task.reserve(count);
    worker.reserve(count);
    name.reserve(count);
    cause.reserve(count);
    core.reserve(count);
    depth.reserve(count);
    state.reserve(count);
    isPreempted.reserve(count);
}

std::pair<std::size_t, std::size_t> SpanColumns::indicesIn(TimeRange range) const {
    if (range.isEmpty()) {
        return {0, 0};
    }
    const auto last = std::lower_bound(begin.begin(), begin.end(), range.endNs) - begin.begin();
    std::ptrdiff_t first = 0;
    if (latestEnd.size() == size()) {
        // Non-decreasing, so everything before the first that reaches into the range ended earlier.
        first =
            std::upper_bound(latestEnd.begin(), latestEnd.end(), range.beginNs) - latestEnd.begin();
    } else {
        first = std::upper_bound(begin.begin(), begin.end(), range.beginNs) - begin.begin();
        if (first > 0 && rangeAt(static_cast<std::size_t>(first - 1)).endNs > range.beginNs) {
            --first;
        }
    }
    return {static_cast<std::size_t>(std::min(first, last)), static_cast<std::size_t>(last)};
}

void SpanColumns::sort() {
    const auto isBefore = [this](std::size_t a, std::size_t b) {
        return begin[a] != begin[b] ? begin[a] < begin[b] : depth[a] < depth[b];
    };
    std::vector<std::size_t> order(size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (!std::is_sorted(order.begin(), order.end(), isBefore)) {
        std::stable_sort(order.begin(), order.end(), isBefore);
        permute(begin, order);
        permute(duration, order);
        permute(task, order);
        permute(worker, order);
        permute(name, order);
        permute(cause, order);
        permute(core, order);
        permute(depth, order);
        permute(state, order);
        permute(isPreempted, order);
    }
    latestEnd.clear();
    bool overlaps = false;
    for (std::size_t i = 1; i < size() && !overlaps; ++i) {
        overlaps = rangeAt(i - 1).endNs > begin[i];
    }
    if (overlaps) {
        latestEnd.reserve(size());
        for (std::size_t i = 0; i < size(); ++i) {
            const Nanoseconds end = rangeAt(i).endNs;
            latestEnd.push_back(i == 0 ? end : std::max(end, latestEnd.back()));
        }
    }
}

} // namespace interleave::recording
