// SPDX-License-Identifier: GPL-3.0-or-later
// The checks of RecordingBuilder. They only look and say; nothing is corrected.
#pragma once

#include "engine/recording/recording.h"
#include "engine/recording/restarts.h"

#include <cstdint>
#include <span>
#include <string>

namespace interleave::recording {

/// Counts faults of one kind and keeps the first as the example.
struct Faults {
    std::uint64_t count = 0;
    std::string example;

    void add(std::string text) {
        if (count++ == 0) {
            example = std::move(text);
        }
    }
    void add(Faults other);
};

struct TrackFaults {
    Faults transitions; // of a task: changes of state that base/state.h doesn't allow
    Faults overlaps;    // of a worker: two states at once

    void add(TrackFaults other);
};

/// Looks at a track's spans, sorted by begin, empty ones still in. Thread-safe.
TrackFaults faultsOf(const Recording& recording, const Restarts& restarts, const Track& track,
                     std::span<const Span> spans);

/// Of messages, bindings and consumers: what refers to something that isn't there or is of another
/// kind.
Faults faultsOfMessages(const Recording& recording);

/// Says in the recording's diagnostics what was found.
void report(Recording& recording, const TrackFaults& faults);
void report(Recording& recording, const Faults& messageFaults);

} // namespace interleave::recording
