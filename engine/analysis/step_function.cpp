// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_function.h"

#include "engine/analysis/span_sweep.h"

#include <algorithm>
#include <tbb/parallel_for.h>

namespace interleave::analysis {

namespace {

/// Adds weight * (length of the part of `range` in the bucket) to each bucket it touches.
void spread(TimeRange range, double weight, const Buckets& buckets, std::vector<double>& sums) {
    const TimeRange clipped = range.intersected(buckets.range);
    if (clipped.isEmpty()) {
        return;
    }
    const double width =
        static_cast<double>(buckets.range.durationNs()) / static_cast<double>(buckets.count);
    auto index = static_cast<std::size_t>(
        static_cast<double>(clipped.beginNs - buckets.range.beginNs) / width);
    // The division may round to the neighbour of the right bucket.
    index = std::min(index, buckets.count - 1);
    while (index > 0 && buckets.at(index).beginNs > clipped.beginNs) {
        --index;
    }
    for (; index < buckets.count; ++index) {
        const TimeRange bucket = buckets.at(index);
        if (bucket.beginNs >= clipped.endNs) {
            break;
        }
        sums[index] += weight * static_cast<double>(clipped.intersected(bucket).durationNs());
    }
}

/// Sorted, and what overlaps (nested slices) only once.
std::vector<TimeRange> unionOf(std::vector<TimeRange> ranges) {
    std::ranges::sort(ranges, {}, &TimeRange::beginNs);
    std::vector<TimeRange> joined;
    for (const TimeRange range : ranges) {
        if (joined.empty() || range.beginNs > joined.back().endNs) {
            joined.push_back(range);
        } else {
            joined.back().endNs = std::max(joined.back().endNs, range.endNs);
        }
    }
    return joined;
}

void divideByWidth(const Buckets& buckets, std::vector<double>& sums) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const auto width = static_cast<double>(buckets.at(i).durationNs());
        sums[i] = width > 0 ? sums[i] / width : 0;
    }
}

} // namespace

double StepFunction::at(Nanoseconds when) const {
    const auto next = std::upper_bound(time.begin(), time.end(), when);
    return next == time.begin() ? 0 : value[static_cast<std::size_t>(next - time.begin() - 1)];
}

double StepFunction::maximum() const {
    return value.empty() ? 0 : *std::ranges::max_element(value);
}

TimeRange Buckets::at(std::size_t index) const {
    // Divided before it is multiplied: an hour in ns times a screen's width must not overflow.
    const auto parts = static_cast<Nanoseconds>(count);
    const auto edge = [this, parts](std::size_t i) {
        const auto n = static_cast<Nanoseconds>(i);
        return range.beginNs + range.durationNs() / parts * n +
               range.durationNs() % parts * n / parts;
    };
    return {edge(index), edge(index + 1)};
}

StepFunction overlapCount(std::vector<TimeRange> intervals) {
    std::erase_if(intervals, [](TimeRange range) { return range.isEmpty(); });
    std::vector<Nanoseconds> begins;
    std::vector<Nanoseconds> ends;
    begins.reserve(intervals.size());
    ends.reserve(intervals.size());
    for (const TimeRange range : intervals) {
        begins.push_back(range.beginNs);
        ends.push_back(range.endNs);
    }
    std::ranges::sort(begins);
    std::ranges::sort(ends);
    StepFunction count;
    std::size_t b = 0;
    std::size_t e = 0;
    while (e < ends.size()) {
        const Nanoseconds now = b < begins.size() ? std::min(begins[b], ends[e]) : ends[e];
        while (b < begins.size() && begins[b] == now) {
            ++b;
        }
        while (e < ends.size() && ends[e] == now) {
            ++e;
        }
        const auto level = static_cast<double>(b - e);
        if (count.value.empty() || count.value.back() != level) {
            count.time.push_back(now);
            count.value.push_back(level);
        }
    }
    return count;
}

std::vector<const recording::Track*> tracksOfKind(const recording::Recording& recording,
                                                  recording::TrackKind kind) {
    std::vector<const recording::Track*> tracks;
    for (const recording::Track& track : recording.tracks) {
        if (track.kind == kind) {
            tracks.push_back(&track);
        }
    }
    return tracks;
}

StepFunction spansAtOnce(const std::vector<const recording::Track*>& tracks,
                         std::optional<State> state) {
    const SpanSweep sweep(tracks, state);
    std::vector<StepFunction> parts(sweep.partCount());
    tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t i) {
        std::int64_t before = 0;
        bool isAtBegin = i > 0; // what holds there was said by the part before
        sweep.sweep(i, [&](Nanoseconds time, std::int64_t count) {
            if (!isAtBegin && count != before) {
                parts[i].time.push_back(time);
                parts[i].value.push_back(static_cast<double>(count));
            }
            isAtBegin = false;
            before = count;
        });
    });
    std::size_t size = 0;
    for (const StepFunction& part : parts) {
        size += part.time.size();
    }
    StepFunction whole;
    whole.time.reserve(size);
    whole.value.reserve(size);
    for (StepFunction& part : parts) {
        whole.time.insert(whole.time.end(), part.time.begin(), part.time.end());
        whole.value.insert(whole.value.end(), part.value.begin(), part.value.end());
        part = {};
    }
    return whole;
}

SpanOverlap spanOverlap(const std::vector<const recording::Track*>& tracks,
                        std::optional<State> state) {
    const SpanSweep sweep(tracks, state);
    std::vector<SpanOverlap> parts(sweep.partCount());
    tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t i) {
        Nanoseconds since = 0;
        std::int64_t before = 0;
        SpanOverlap& part = parts[i];
        const auto take = [&](Nanoseconds time, std::int64_t count) {
            part.coveredNs += before > 0 ? time - since : 0;
            part.most =
                std::max(part.most, static_cast<std::uint64_t>(std::max<std::int64_t>(0, count)));
            since = time;
            before = count;
        };
        sweep.sweep(i, take);
        if (i + 1 < parts.size()) {
            take(sweep.endOf(i), before);
        }
    });
    SpanOverlap whole;
    for (const SpanOverlap& part : parts) {
        whole.most = std::max(whole.most, part.most);
        whole.coveredNs += part.coveredNs;
    }
    return whole;
}

std::vector<double> meanPerBucket(const StepFunction& function, const Buckets& buckets) {
    std::vector<double> sums(buckets.count, 0.0);
    for (std::size_t i = 0; i < function.time.size(); ++i) {
        const Nanoseconds end =
            i + 1 < function.time.size() ? function.time[i + 1] : buckets.range.endNs;
        spread({function.time[i], end}, function.value[i], buckets, sums);
    }
    divideByWidth(buckets, sums);
    return sums;
}

std::vector<double> coveredShare(const std::vector<TimeRange>& intervals, const Buckets& buckets) {
    std::vector<double> sums(buckets.count, 0.0);
    for (const TimeRange range : intervals) {
        spread(range, 1.0, buckets, sums);
    }
    divideByWidth(buckets, sums);
    return sums;
}

std::vector<TimeRange> rangesInState(const recording::Track& track, State state, TimeRange within) {
    std::vector<TimeRange> ranges;
    if (!track.spans.hasState(state)) {
        return ranges;
    }
    track.spans.forEachIn(within, [&](std::size_t i) {
        if (track.spans.state[i] == state) {
            ranges.push_back(track.spans.rangeAt(i).intersected(within));
        }
    });
    return track.spans.isFlat() ? ranges : unionOf(std::move(ranges));
}

StepFunction stepsOf(const recording::Counter& counter) {
    return {counter.time, counter.value};
}

} // namespace interleave::analysis
