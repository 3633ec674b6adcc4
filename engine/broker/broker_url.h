// SPDX-License-Identifier: GPL-3.0-or-later
// amqp://user:password@host:port/vhost, each part but the host optional and percent-encoded.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <string>

namespace interleave::broker {

struct BrokerUrl {
    std::string host{}; // a name or an address, IPv6 without its brackets
    std::uint16_t port = 5672;
    std::string user = "guest";
    std::string password = "guest";
    std::string vhost = "/";

    /// For people: without user and password.
    std::string text() const;
};

/// An error names what is wrong in the url, never its password.
Result<BrokerUrl> parseBrokerUrl(const std::string& url);

} // namespace interleave::broker
