// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/stream_events.h"

#include <algorithm>
#include <limits>
#include <unordered_set>

namespace interleave::collector {

using record::EventKind;
using record::StreamRole;

namespace {

/// Threads of recorded programs that didn't say that they ended: the recording goes on for them.
struct Unended {
    std::unordered_set<std::uint32_t> pids;
    std::unordered_set<std::uint32_t> tids;

    explicit Unended(const std::vector<StreamEvents>& streams) {
        for (const StreamEvents& stream : streams) {
            if (stream.isAgents && !stream.events.empty() &&
                std::ranges::none_of(stream.events, [](const TimedEvent& event) {
                    return event.kind == EventKind::ThreadEnded;
                })) {
                pids.insert(stream.pid);
                tids.insert(stream.tid);
            }
        }
    }
    bool has(const TimedEvent& event) const {
        return event.kind == EventKind::MemoryRss ? pids.contains(event.a)
                                                  : (event.kind == EventKind::SwitchedIn ||
                                                     event.kind == EventKind::SwitchedOut) &&
                                                        tids.contains(event.a);
    }
};

bool isSwitch(EventKind kind) {
    return kind == EventKind::SwitchedIn || kind == EventKind::SwitchedOut;
}

} // namespace

Nanoseconds timeZeroOf(const std::vector<StreamEvents>& streams) {
    constexpr Nanoseconds kNever = std::numeric_limits<Nanoseconds>::max();
    Nanoseconds submission = kNever;
    Nanoseconds thread = kNever;
    for (const StreamEvents& stream : streams) {
        if (!stream.isProgram()) {
            continue;
        }
        for (const TimedEvent& event : stream.events) {
            if (record::isState(event.kind) || event.kind == EventKind::Spawned) {
                submission = std::min(submission, event.ns);
            } else if (event.kind == EventKind::ThreadStarted) {
                thread = std::min(thread, event.ns);
            }
        }
    }
    if (submission != kNever) {
        return submission;
    }
    return thread == kNever ? 0 : thread;
}

Nanoseconds endOf(const std::vector<StreamEvents>& streams, bool isLive) {
    constexpr Nanoseconds kNothing = std::numeric_limits<Nanoseconds>::min();
    Nanoseconds program = kNothing;
    Nanoseconds latest = kNothing;
    Nanoseconds kernel = kNothing;
    const Unended unended(streams);
    for (const StreamEvents& stream : streams) {
        for (const TimedEvent& event : stream.events) {
            latest = std::max(latest, event.ns);
            if (unended.has(event)) {
                program = std::max(program, event.ns);
            }
            if (isSwitch(event.kind)) {
                kernel = std::max(kernel, event.ns);
            } else if (stream.info.role == StreamRole::Worker ||
                       (stream.isProgram() && record::isState(event.kind))) {
                program = std::max(program, event.ns);
            }
        }
    }
    if (isLive) {
        return kernel != kNothing ? kernel : std::max<Nanoseconds>(latest, 0);
    }
    return program != kNothing ? program : std::max<Nanoseconds>(latest, 0);
}

} // namespace interleave::collector
