// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/hosts/host_numbers.h"

#include <algorithm>

namespace interleave::models {

using record::EventKind;

record::Event HostNumbers::relocated(record::Event event) const {
    // What no kernel says comes from a damaged batch, and must not become somebody else's.
    const auto place = [this](std::uint32_t& id) { id = thread(std::min(id, kMostThreads - 1)); };
    const auto placeCore = [this](std::uint32_t& core) {
        core = std::min(core, kMostCores) + firstCore;
    };
    switch (event.kind()) {
    case EventKind::ThreadStarted:
        place(event.a);
        if (event.b != 0) {
            place(event.b);
        }
        break;
    case EventKind::ThreadEnded:
    case EventKind::RunTime:
    case EventKind::RunState:
    case EventKind::MemoryRss:
    case EventKind::MemoryPss:
        place(event.a);
        break;
    case EventKind::SwitchedIn:
        place(event.a);
        placeCore(event.b);
        break;
    case EventKind::SwitchedOut: {
        place(event.a);
        std::uint32_t core = event.b & 0xffffu;
        placeCore(core);
        event.b = (event.b & ~0xffffu) | (core & 0xffffu);
        break;
    }
    case EventKind::KernelLost:
        placeCore(event.b);
        break;
    case EventKind::OtherLoad:
        placeCore(event.a);
        break;
    default:
        break; // of tasks, objects and messages, whose numbers are the run's
    }
    return event;
}

} // namespace interleave::models
