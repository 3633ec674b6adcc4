// SPDX-License-Identifier: GPL-3.0-or-later
// What anybody may publish to the queues by which a run and workers on other hosts talk: a note, a
// batch of events, or nothing of ours, and nothing else happens.
#include "engine/base/check.h"
#include "engine/models/hosts/event_batch.h"
#include "engine/models/hosts/host_note.h"
#include "engine/models/hosts/host_numbers.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace interleave;
    using namespace interleave::models;
    if (const auto blocks = blocksOf(std::as_bytes(std::span(data, size)))) {
        auto again = emptyBatch();
        const HostNumbers numbers{HostNumbers::kMostHosts, HostNumbers::kMostCores};
        for (const EventBlock& block : *blocks) {
            appendBlock(again, block);
            for (const record::Event& event : block.events) {
                CHECK(numbers.relocated(event).word == event.word);
            }
        }
        CHECK(again.size() == size);
    }
    const auto note = parseHostNote({reinterpret_cast<const char*>(data), size});
    if (note) {
        CHECK(parseHostNote(textOf(*note)).has_value());
    } else {
        CHECK(!note.error().message.empty());
    }
    return 0;
}
