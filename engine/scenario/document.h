// SPDX-License-Identifier: GPL-3.0-or-later
// Document: a TOML text as plain values that know where they stand in the file. The TOML library
// stays behind it. What the values mean is not known here.
#pragma once

#include "engine/scenario/problems.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::scenario {

struct Member;

struct Value {
    enum class Kind : std::uint8_t { Text, Integer, Number, Boolean, Date, List, Table };
    Kind kind = Kind::Table;
    Position position;
    std::string text;
    std::int64_t integer = 0;
    double number = 0;
    bool boolean = false;
    std::vector<Value> items;
    std::vector<Member> members; // in the order of the file

    /// The value of a table's key; null if it has none.
    const Value* find(std::string_view key) const;
};

struct Member {
    std::string key;
    Position position; // of the key
    Value value;
};

/// "a text", "a list", ...: for messages.
std::string_view describe(Value::Kind kind);

struct Mistake {
    Position at;
    std::string message;
};

/// The root table, or the first error of syntax. Not UTF-8 is an error of syntax too.
std::expected<Value, Mistake> parseDocument(std::string_view text);

/// Whether the text is UTF-8 without NUL: a text file at all.
bool isText(std::string_view bytes);

} // namespace interleave::scenario
