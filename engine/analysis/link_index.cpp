// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/link_index.h"

#include <algorithm>

namespace interleave::analysis {

using recording::Link;
using recording::LinkEnd;

// An end belongs to its task, and where it has none to its worker. Actor 0 is nobody; tasks come
// first, workers after them.
LinkIndex::LinkIndex(RecordingPtr recording)
    : m_recording(std::move(recording)) {
    fill(m_leaving, &Link::from);
    fill(m_reaching, &Link::to);
}

std::size_t LinkIndex::actorOf(WorkerId worker) const {
    return worker.isNone() || worker.value > m_recording->workers.size()
               ? 0
               : m_recording->tasks.size() + worker.value;
}

std::size_t LinkIndex::actorOf(const LinkEnd& end) const {
    const bool hasTask = !end.task.isNone() && end.task.value <= m_recording->tasks.size();
    return hasTask ? end.task.value : actorOf(end.worker);
}

// A counting sort by actor; the links come sorted by their departure, so that only arrivals may
// need sorting by time.
void LinkIndex::fill(Side& side, End end) {
    const std::vector<Link>& links = m_recording->links;
    side.first.assign(m_recording->tasks.size() + m_recording->workers.size() + 2, 0);
    for (const Link& link : links) {
        ++side.first[actorOf(link.*end) + 1];
    }
    for (std::size_t i = 1; i < side.first.size(); ++i) {
        side.first[i] += side.first[i - 1];
    }
    side.links.resize(links.size());
    std::vector<std::uint32_t> next(side.first.begin(), side.first.end() - 1);
    for (std::size_t i = 0; i < links.size(); ++i) {
        side.links[next[actorOf(links[i].*end)]++] = static_cast<std::uint32_t>(i);
    }
    const auto isEarlier = [&](std::uint32_t a, std::uint32_t b) {
        return (links[a].*end).timeNs < (links[b].*end).timeNs;
    };
    for (std::size_t actor = 1; actor + 1 < side.first.size(); ++actor) {
        const auto first = side.links.begin() + side.first[actor];
        const auto last = side.links.begin() + side.first[actor + 1];
        if (!std::is_sorted(first, last, isEarlier)) {
            std::stable_sort(first, last, isEarlier);
        }
    }
}

LinkIndex::Indices LinkIndex::within(const Side& side, End end, std::size_t actor,
                                     TimeRange range) const {
    if (actor == 0 || actor + 1 >= side.first.size()) {
        return {};
    }
    const auto timeOf = [&](std::uint32_t index) { return (link(index).*end).timeNs; };
    const Indices all(side.links.begin() + side.first[actor],
                      side.links.begin() + side.first[actor + 1]);
    const auto first = std::ranges::lower_bound(all, range.beginNs, {}, timeOf);
    const auto last = std::ranges::upper_bound(first, all.end(), range.endNs, {}, timeOf);
    return {first, last};
}

LinkIndex::Indices LinkIndex::leaving(TaskId task, TimeRange range) const {
    const bool isKnown = task.value <= m_recording->tasks.size();
    return within(m_leaving, &Link::from, isKnown ? task.value : 0, range);
}

LinkIndex::Indices LinkIndex::reaching(TaskId task, TimeRange range) const {
    const bool isKnown = task.value <= m_recording->tasks.size();
    return within(m_reaching, &Link::to, isKnown ? task.value : 0, range);
}

LinkIndex::Indices LinkIndex::leaving(WorkerId worker, TimeRange range) const {
    return within(m_leaving, &Link::from, actorOf(worker), range);
}

LinkIndex::Indices LinkIndex::reaching(WorkerId worker, TimeRange range) const {
    return within(m_reaching, &Link::to, actorOf(worker), range);
}

} // namespace interleave::analysis
