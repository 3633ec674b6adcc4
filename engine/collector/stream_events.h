// SPDX-License-Identifier: GPL-3.0-or-later
// What the collector works on: the events of every stream with their times in ns, and what is known
// of the session besides. Plain values, so that everything but the reading of files is tested
// without files.
#pragma once

#include "engine/base/time.h"
#include "engine/collector/manifest.h"
#include "engine/record/event.h"
#include "engine/record/writer.h"
#include "engine/recording/recording.h"

#include <cstdint>
#include <string>
#include <vector>

namespace interleave::collector {

struct TimedEvent {
    Nanoseconds ns = 0;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    record::EventKind kind = record::EventKind::None;
};

struct StreamEvents {
    record::StreamInfo info{};
    std::uint32_t pid = 0;
    std::uint32_t tid = 0;
    std::uint32_t segment = 0;        // whose process; a pid may have several, by exec
    bool isAgents = false;            // of a recorded program
    std::vector<TimedEvent> events{}; // as written; times may go back a little

    /// Worker or Control: a thread of the program, not an observer of it.
    bool isProgram() const {
        return info.role == record::StreamRole::Worker || info.role == record::StreamRole::Control;
    }
};

struct SessionProcess {
    std::uint32_t pid = 0;
    std::string name;
};

struct SessionFacts {
    bool isLive = false;
    std::uint64_t droppedEvents = 0;
    std::uint64_t lostSwitches = 0;          // known from events that are not there any more
    std::vector<SessionProcess> processes{}; // those that wrote a segment
    std::vector<recording::Diagnostic> diagnostics{};
};

/// Counts what can't be true in events; becomes diagnostics.
struct Oddities {
    std::uint64_t unknownIds = 0; // of tasks, objects, steps, counters, cores
    std::uint64_t unpairedSwitches = 0;
    std::uint64_t unpairedReleases = 0;
    std::uint64_t tasksAtOnce = 0;    // a worker took a task up while another was running on it
    std::uint64_t eventsAfterEnd = 0; // of a task that had ended
    std::uint64_t unfollowedWorkers = 0;
    std::uint64_t overlappingHolds = 0;
    std::uint64_t lateMessages = 0; // steps of messages that had to be moved far to make sense
    std::uint64_t unpairedMessages = 0;
    std::uint64_t repeatedMessages = 0;
};

inline constexpr std::uint32_t kMostCores = 4096;

/// Time 0 of the recording: the first submission of a task, so that set-up isn't shown. Without
/// any task, the beginning of the first thread.
Nanoseconds timeZeroOf(const std::vector<StreamEvents>& streams);

/// The end of the recording. Of a finished run: the last thing a task or a worker did. Of a run
/// that goes on: the last moment of which everything is known, which is the kernel reader's last
/// event; what lies after it is left to the next snapshot.
Nanoseconds endOf(const std::vector<StreamEvents>& streams, bool isLive);

} // namespace interleave::collector
