// SPDX-License-Identifier: GPL-3.0-or-later
// amqp://user:password@host:port/vhost?heartbeat=SECONDS, each part but the host optional and
// percent-encoded.
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
    /// Both sides say something that often, and whoever hears nothing takes the other for lost; 0:
    /// nobody does, the kernel looks after the connection.
    std::uint16_t heartbeatSeconds = 0;

    /// For people: without user and password.
    std::string text() const;
};

/// An error names what is wrong in the url, never its password.
Result<BrokerUrl> parseBrokerUrl(const std::string& url);

} // namespace interleave::broker
