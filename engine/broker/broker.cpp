// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/broker.h"

#include "engine/broker/memory_broker.h"

#include <fmt/format.h>

namespace interleave::broker {

Result<std::unique_ptr<Broker>> open(const std::string& url) {
    if (url == "memory") {
        return MemoryBroker::create();
    }
    return fail(fmt::format("There is no broker {}.", withoutPassword(url)));
}

std::string withoutPassword(const std::string& url) {
    return url;
}

} // namespace interleave::broker
