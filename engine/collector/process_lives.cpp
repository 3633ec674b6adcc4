// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/process_lives.h"

#include <algorithm>
#include <map>

namespace interleave::collector {

using record::EventKind;

namespace {

/// Memory is sampled more often than this, unless there are very many processes.
constexpr Nanoseconds kSilenceNs = 2'000'000'000;

} // namespace

ProcessLives ProcessLives::build(const std::vector<StreamEvents>& streams, const CoreTime& cores,
                                 Nanoseconds end, bool isLive) {
    ProcessLives result;
    std::map<std::uint32_t, std::vector<std::uint32_t>> segmentsOf; // by pid, in order of time
    for (const StreamEvents& stream : streams) {
        if (!stream.isAgents || stream.events.empty()) {
            continue;
        }
        TimeRange lived{stream.events.front().ns, stream.events.front().ns};
        for (const TimedEvent& event : stream.events) {
            lived.beginNs = std::min(lived.beginNs, event.ns);
            lived.endNs = std::max(lived.endNs, event.ns);
        }
        const auto [place, isNew] = result.m_lives.try_emplace(stream.segment, lived);
        TimeRange& life = place->second;
        life.beginNs = std::min(life.beginNs, lived.beginNs);
        life.endNs = std::max(life.endNs, lived.endNs);
        if (isNew) {
            segmentsOf[stream.pid].push_back(stream.segment);
        }
    }
    if (result.m_lives.empty()) {
        return result;
    }
    // A process that executed another program wrote several segments, one after the other.
    std::unordered_map<std::uint32_t, Nanoseconds> nextBegin; // by segment
    for (auto& [pid, segments] : segmentsOf) {
        std::ranges::sort(segments, {}, [&](std::uint32_t s) { return result.m_lives[s].beginNs; });
        for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
            nextBegin[segments[i]] = result.m_lives[segments[i + 1]].beginNs;
        }
    }
    const auto sign = [&](std::uint32_t segment, Nanoseconds ns) {
        TimeRange& life = result.m_lives[segment];
        const auto next = nextBegin.find(segment);
        life.endNs =
            std::max(life.endNs, next == nextBegin.end() ? ns : std::min(ns, next->second));
    };
    for (const StreamEvents& stream : streams) {
        if (stream.isAgents && !stream.events.empty()) {
            const auto slices = cores.byThread.find(stream.tid);
            const bool isEnded = std::ranges::any_of(stream.events, [](const TimedEvent& event) {
                return event.kind == EventKind::ThreadEnded;
            });
            if (slices != cores.byThread.end() && !isEnded) {
                sign(stream.segment, slices->second.back().range.endNs);
            }
            continue;
        }
        for (const TimedEvent& event : stream.events) {
            if (event.kind == EventKind::MemoryRss) {
                if (const auto of = segmentsOf.find(event.a); of != segmentsOf.end()) {
                    sign(of->second.back(), event.ns);
                }
            }
        }
    }
    for (auto& [segment, life] : result.m_lives) {
        if (isLive && !nextBegin.contains(segment) && life.endNs >= end - kSilenceNs) {
            life.endNs = end;
        }
        life.endNs = std::max(life.beginNs, std::min(life.endNs, end));
    }
    return result;
}

TimeRange ProcessLives::of(std::uint32_t segment) const {
    const auto life = m_lives.find(segment);
    return life == m_lives.end() ? TimeRange{} : life->second;
}

} // namespace interleave::collector
