// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a recording that come in thousands or millions, as tables and back. What refers to
// something that isn't there makes the reading of its table fail: tables are checksummed, so this
// is a file that no program of ours wrote.
#pragma once

#include "engine/recording/recording.h"
#include "engine/storage/file_layout.h"
#include "engine/storage/packed_table.h"

#include <span>
#include <vector>

namespace interleave::storage {

/// What the table of tracks says of the image of a track.
struct TrackImage {
    std::uint64_t spans = 0;
    std::uint64_t bytes = 0; // 0: no spans
    std::uint32_t checksum = 0;
    bool isLarge = false; // which section it lies in; the images of each lie in order of tracks
};

/// What a row of the section's table may take in memory once it is read.
std::uint64_t rowMemory(SectionKind kind);

Block packStrings(const recording::Recording& recording);
Block packTasks(const recording::Recording& recording);
Block packWorkers(const recording::Recording& recording);
Block packTracks(const recording::Recording& recording, std::span<const TrackImage> images);
Block packCounterPoints(const recording::Recording& recording);
Block packLinks(const recording::Recording& recording);
Block packSwitches(const recording::Recording& recording);
Block packMarks(const recording::Recording& recording);
Block packMessages(const recording::Recording& recording);
Block packBindings(const recording::Recording& recording);
Block packConsumers(const recording::Recording& recording);

// Each false where the bytes are not such a table. Order: strings, tasks and workers, tracks, the
// others; counters and objects come from the description.
bool readStrings(std::span<const std::byte> table, recording::Recording& recording);
bool readTasks(std::span<const std::byte> table, recording::Recording& recording);
bool readWorkers(std::span<const std::byte> table, recording::Recording& recording);
bool readTracks(std::span<const std::byte> table, recording::Recording& recording,
                std::vector<TrackImage>& images);
/// `counts`: how many points each of the recording's counters has.
bool readCounterPoints(std::span<const std::byte> table, std::span<const std::uint64_t> counts,
                       recording::Recording& recording);
bool readLinks(std::span<const std::byte> table, recording::Recording& recording);
bool readSwitches(std::span<const std::byte> table, recording::Recording& recording);
bool readMarks(std::span<const std::byte> table, recording::Recording& recording);
bool readMessages(std::span<const std::byte> table, recording::Recording& recording);
bool readBindings(std::span<const std::byte> table, recording::Recording& recording);
bool readConsumers(std::span<const std::byte> table, recording::Recording& recording);

} // namespace interleave::storage
