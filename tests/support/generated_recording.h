// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings of any size for benchmarks and for properties that must hold at every scale: nested
// slices whose durations are skewed (most are short, a few are a thousand times longer), several
// states, gaps. The same options always make the same recording; tracks are made on all cores.
#pragma once

#include "engine/recording/recording.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace interleave::support {

struct GeneratedOptions {
    std::size_t spans = 1'000'000; // of all tracks together, exactly
    std::size_t tracks = 64;
    recording::TrackKind kind = recording::TrackKind::Task; // or Worker
    int depths = 3;              // lanes: half of the spans at depth 0, then ever fewer
    Nanoseconds meanNs = 20'000; // duration of a span at depth 0
    std::size_t names = 200;
    std::size_t links = 0; // wakes from one track to another
    std::size_t marks = 0;
    std::uint64_t seed = 1;
};

/// A rare state lies in it once: 1 us of waiting_lock in the middle of track 1.
std::shared_ptr<const recording::Recording> generatedRecording(const GeneratedOptions& options);

} // namespace interleave::support
