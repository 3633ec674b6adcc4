// SPDX-License-Identifier: GPL-3.0-or-later
// From events to a recording: the pure part of the collector. Whatever the events are (cut,
// contradicting each other, garbage), a recording comes out; what can't be true is said in its
// diagnostics. O(n log n) in the number of events.
#pragma once

#include "engine/collector/message_tracks.h"
#include "engine/collector/stream_events.h"

#include <memory>
#include <optional>

namespace interleave::collector {

/// What is taken over where earlier events were assembled before.
struct Continuation {
    std::optional<Nanoseconds> zero{}; // time 0 of the recording, in the time of the events
    const StringTable* strings = nullptr;
    EarlierMessages messages{};
};

struct Assembled {
    std::shared_ptr<const recording::Recording> recording;
    SharingCopies sharing; // for a continuation of it
};

std::shared_ptr<const recording::Recording>
assemble(const Manifest& manifest, std::vector<StreamEvents> streams, const SessionFacts& facts);
Assembled assembleFrom(const Manifest& manifest, std::vector<StreamEvents> streams,
                       const SessionFacts& facts, const Continuation& earlier);

} // namespace interleave::collector
