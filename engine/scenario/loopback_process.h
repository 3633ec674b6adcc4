// SPDX-License-Identifier: GPL-3.0-or-later
// What runs in the loopback server's process: its loop, and the requests it understands.
#pragma once

#include "engine/base/time.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace interleave::scenario {

struct LoopbackRequest {
    Nanoseconds delayNs = 0;
    std::uint64_t bytes = 0;
    bool keepsAlive = true;
};

/// `head` up to and including the empty line; nothing if it is not a request that we answer.
std::optional<LoopbackRequest> parseRequest(std::string_view head);

/// Serves on a listening socket, in this thread, until the process is killed. Returns the exit
/// code.
int serveLoopback(int listeningFd);

} // namespace interleave::scenario
