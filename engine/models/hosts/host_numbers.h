// SPDX-License-Identifier: GPL-3.0-or-later
// HostNumbers: processes, threads, cores and messages of several hosts have the same numbers; in
// one recording each host has a range of its own. Number 0 is the host of the run itself, whose
// numbers stay.
//
// Pure.
#pragma once

#include "engine/record/event.h"

#include <cstdint>

namespace interleave::models {

struct HostNumbers {
    static constexpr std::uint32_t kMostHosts = 63;
    static constexpr std::uint32_t kMostThreads = 1u << 22; // the kernel gives no higher numbers
    static constexpr std::uint32_t kMostMessages = 1u << 24;
    static constexpr std::uint32_t kMostCores = 4096; // of all hosts together

    std::uint32_t host = 0;      // 1 to kMostHosts
    std::uint32_t firstCore = 0; // after the cores of the hosts before it

    /// Of a process or thread there: its number in the recording.
    std::uint32_t thread(std::uint32_t id) const { return id + host * kMostThreads; }
    /// The number before the first message that the host publishes.
    std::uint32_t messagesBefore() const { return host * kMostMessages; }
    /// The host that has published a message, by the message's number.
    static std::uint32_t publisherOf(std::uint32_t message) { return message / kMostMessages; }
    /// An event as the host recorded it, with the recording's numbers.
    record::Event relocated(record::Event event) const;
};

} // namespace interleave::models
