// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/findings/switch_interval.h"

#include "engine/scenario/quantity.h"

namespace interleave::findings {

Nanoseconds switchIntervalOf(const Evidence& evidence) {
    constexpr Nanoseconds kDefaultNs = 5'000'000; // CPython's, and the emulated one's
    const auto text = evidence.parameter("switch_interval");
    const auto parsed =
        text ? scenario::parseDuration(*text) : std::unexpected(std::string("not given"));
    return parsed ? parsed->nominalNs : kDefaultNs;
}

} // namespace interleave::findings
