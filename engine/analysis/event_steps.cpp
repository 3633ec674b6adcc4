// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/event_steps.h"

#include <algorithm>
#include <ranges>

namespace interleave::analysis {

using recording::Recording;
using recording::SpanColumns;
using recording::SpanLane;
using recording::TrackKind;

namespace {

/// Keeps the nearest moment on one side of `when`, within the recording.
class Nearest {
public:
    Nearest(const Recording& recording, Nanoseconds when, bool isForward)
        : m_range(recording.range)
        , m_when(when)
        , m_isForward(isForward) {}

    void offer(Nanoseconds time) {
        const bool isBeyond = m_isForward ? time > m_when : time < m_when;
        if (!isBeyond || time < m_range.beginNs || time > m_range.endNs) {
            return;
        }
        if (!m_best || (m_isForward ? time < *m_best : time > *m_best)) {
            m_best = time;
        }
    }

    /// `timeOf(0 .. count - 1)` grows.
    template <class TimeOf>
    void search(std::size_t count, TimeOf timeOf) {
        const auto indices = std::views::iota(std::size_t{0}, count);
        if (m_isForward) {
            const auto found = std::ranges::upper_bound(indices, m_when, {}, timeOf);
            if (found != indices.end()) {
                offer(timeOf(*found));
            }
        } else {
            const auto found = std::ranges::lower_bound(indices, m_when, {}, timeOf);
            if (found != indices.begin()) {
                offer(timeOf(*std::ranges::prev(found)));
            }
        }
    }

    std::optional<Nanoseconds> best() const { return m_best; }

private:
    TimeRange m_range;
    Nanoseconds m_when;
    bool m_isForward;
    std::optional<Nanoseconds> m_best;
};

/// Spans of a lane don't overlap, so their ends grow as their begins do.
void searchSpans(Nearest& nearest, const SpanColumns& spans) {
    for (const SpanLane& lane : spans.lanes()) {
        nearest.search(lane.count, [&](std::size_t i) { return spans.begin[lane.first + i]; });
        nearest.search(lane.count,
                       [&](std::size_t i) { return spans.rangeAt(lane.first + i).endNs; });
    }
}

std::optional<Nanoseconds> nearestEvent(const Recording& recording, Nanoseconds when,
                                        EventScope scope, bool isForward) {
    Nearest nearest(recording, when, isForward);
    const auto& messages = recording.messages;
    nearest.search(messages.size(), [&](std::size_t i) { return messages[i].timeNs; });
    if (scope == EventScope::Messages) {
        return nearest.best();
    }
    for (const recording::Track& track : recording.tracks) {
        if (track.kind != TrackKind::Core) { // cores are taken from and given to other programs
            searchSpans(nearest, track.spans);
        }
    }
    const auto& marks = recording.marks;
    nearest.search(marks.size(), [&](std::size_t i) { return marks[i].timeNs; });
    return nearest.best();
}

} // namespace

std::optional<Nanoseconds> nextEvent(const Recording& recording, Nanoseconds when,
                                     EventScope scope) {
    return nearestEvent(recording, when, scope, true);
}

std::optional<Nanoseconds> previousEvent(const Recording& recording, Nanoseconds when,
                                         EventScope scope) {
    return nearestEvent(recording, when, scope, false);
}

} // namespace interleave::analysis
