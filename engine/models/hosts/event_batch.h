// SPDX-License-Identifier: GPL-3.0-or-later
// EventBatch: events of a host as they travel to the run: blocks, each of one stream, that say
// everything about it, so that every batch can be understood by itself. Stamps are ns since the
// origin of the host's own session, on its monotonic clock.
//
// What comes from a broker may be anybody's: reading it checks everything.
#pragma once

#include "engine/record/event.h"
#include "engine/record/writer.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace interleave::models {

struct EventBlock {
    std::uint32_t segment = 0; // of the host's session: a process
    std::uint32_t stream = 0;  // within it, 1-based
    std::uint32_t pid = 0;
    std::uint32_t tid = 0;
    record::StreamRole role = record::StreamRole::Worker;
    std::string name; // at most 255 bytes
    std::vector<record::Event> events;
};

/// A body of no blocks.
std::vector<std::byte> emptyBatch();
void appendBlock(std::vector<std::byte>& batch, const EventBlock& block);
/// Nothing if it is none of ours, is cut, or says what can't be.
std::optional<std::vector<EventBlock>> blocksOf(std::span<const std::byte> batch);

} // namespace interleave::models
