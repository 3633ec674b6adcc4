// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/truth/private_services.h"

#include "tests/support/private_broker.h"

namespace interleave::truth {

using support::PrivateBroker;
using support::PrivateRedis;

const std::string& rabbitUrl() {
    static const std::string url = [] {
        PrivateBroker* const broker =
            PrivateBroker::isInstalled() ? PrivateBroker::shared() : nullptr;
        return broker == nullptr ? std::string() : broker->url();
    }();
    return url;
}

const std::string& redisUrl() {
    static const std::unique_ptr<PrivateRedis> redis =
        PrivateRedis::isInstalled() ? PrivateRedis::start() : nullptr;
    static const std::string url = redis == nullptr ? std::string() : redis->url();
    return url;
}

} // namespace interleave::truth
