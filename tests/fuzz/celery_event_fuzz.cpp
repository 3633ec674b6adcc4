// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the bytes of a message, they become events that hold what events promise, or a count.
#include "engine/base/check.h"
#include "engine/celery_events/cluster_event.h"

#include <cstddef>
#include <cstdint>

namespace interleave::celery_events {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = parseMessage(std::as_bytes(std::span(data, size)));
    for (const ClusterEvent& event : parsed.events) {
        CHECK(!event.node.empty() && event.node.size() <= 400);
        CHECK(event.uuid.empty() != event.isOfTask() && event.uuid.size() <= 400);
        CHECK(event.stampNs >= 0 && event.exception.size() <= 120);
        CHECK(!event.runtimeNs || *event.runtimeNs >= 0);
        CHECK(!event.load || *event.load >= 0);
    }
    CHECK(parsed.events.size() + parsed.faults + parsed.unknowns <= size + 1);
    return 0;
}

} // namespace interleave::celery_events
