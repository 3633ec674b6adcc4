// SPDX-License-Identifier: GPL-3.0-or-later
// Event: one object of "traceEvents", as views into the text. Nothing is decoded or allocated;
// strings are raw, as they stand between their quotes (see decodeString).
// Source of the format: "Trace Event Format", Google, 2016, and what programs really write.
#pragma once

#include "engine/chrome_trace/number_text.h"

#include <cstdint>
#include <string_view>

namespace interleave::chrome_trace {

/// A pid or a tid: mostly a number, but some programs write names.
struct Identity {
    std::int64_t number = 0;
    std::string_view text{}; // where it is no number

    friend bool operator==(const Identity&, const Identity&) = default;
};

struct Event {
    enum Field : std::uint32_t {
        Name = 1,
        Category = 2,
        Time = 4,
        Duration = 8,
        Pid = 16,
        Tid = 32,
        Id = 64,
        IdScope = 128,
        Args = 256, // with something in it
        BindId = 512,
        // No fields of their own:
        BindsEnclosing = 1024, // "bp": "e"
        FlowIn = 2048,
        FlowOut = 4096,
        TimeOutOfRange = 8192,
        DurationOutOfRange = 16384,
    };

    std::uint32_t fields = 0; // which of those below mean something
    char phase = 0;           // 0: none, or not one character
    char scope = 0;           // of an instant: g, p or t; 0: not said
    char idKind = 0;          // 'l' or 'g': of an "id2"
    const char* begin = nullptr;
    const char* end = nullptr; // of the object's text
    std::string_view name{};
    std::string_view category{};
    std::string_view id{};
    std::string_view idScope{};
    std::string_view bindId{};
    std::string_view args{}; // an object or whatever stands there
    Decimal time{};
    Decimal duration{};
    Identity pid{};
    Identity tid{};

    bool has(Field field) const { return (fields & field) != 0; }
};

} // namespace interleave::chrome_trace
