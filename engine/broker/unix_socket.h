// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses of Unix sockets: a path, or "@name", which has no file (see unix(7)).
#pragma once

#include <optional>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

namespace interleave::broker {

struct UnixAddress {
    sockaddr_un address{};
    socklen_t size = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

/// Nothing: it is empty or too long.
std::optional<UnixAddress> unixAddress(const std::string& path);

} // namespace interleave::broker
