// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/unix_socket.h"

#include <cstddef>
#include <cstring>

namespace interleave::broker {

std::optional<UnixAddress> unixAddress(const std::string& path) {
    UnixAddress unix;
    if (path.empty() || path.size() >= sizeof unix.address.sun_path) {
        return std::nullopt;
    }
    unix.address.sun_family = AF_UNIX;
    std::memcpy(unix.address.sun_path, path.data(), path.size());
    const bool isAbstract = path.front() == '@';
    if (isAbstract) {
        unix.address.sun_path[0] = '\0';
    }
    // A path ends with its zero; a name is as long as it says.
    unix.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() +
                                       (isAbstract ? 0 : 1));
    return unix;
}

} // namespace interleave::broker
