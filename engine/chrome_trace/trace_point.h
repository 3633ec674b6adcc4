// SPDX-License-Identifier: GPL-3.0-or-later
// TracePoint: an event that is no slice, with numbers that mean the same in the whole trace.
#pragma once

#include "engine/base/id.h"
#include "engine/base/time.h"

#include <compare>
#include <cstdint>
#include <string_view>

namespace interleave::chrome_trace {

/// What belongs together: async events of one operation, steps of one flow. Equal texts have equal
/// numbers; 0 is none.
struct PointKey {
    std::uint32_t category = 0;
    std::uint32_t id = 0;
    std::uint32_t idScope = 0;
    std::uint32_t name = 0;
    std::uint32_t process = 0; // + 1, where ids are those of a process; 0: of the trace
    char idKind = 0;

    friend auto operator<=>(const PointKey&, const PointKey&) = default;
};

struct TracePoint {
    Nanoseconds timeNs = 0; // of the recording
    char phase = 0;
    char scope = 0;
    bool bindsEnclosing = false;
    std::uint32_t thread = 0; // its index in TraceThreads
    StringId name{};
    PointKey key{};
    std::string_view idText{}; // raw
    std::string_view args{};
    std::uint64_t detail = 0;
};

} // namespace interleave::chrome_trace
