// SPDX-License-Identifier: GPL-3.0-or-later
// TableReader: takes the known keys out of one table, checks type and range, and then names what
// it was not asked for. Mistakes go to Problems; the caller carries on with the default.
#pragma once

#include "engine/scenario/document.h"
#include "engine/scenario/quantity.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::scenario {

/// Whether a text could not stand in a row of a picture.
bool hasControlCharacter(std::string_view text);

class TableReader {
public:
    /// `what` names the table in messages: "[[task]]", "a compute step".
    TableReader(const Value& table, std::string what, Problems& problems);

    /// The value of a key, whatever it is; null if absent. Asking makes the key an allowed one.
    const Value* find(std::string_view key);

    std::optional<std::string> text(std::string_view key);
    /// A text that is not empty and can stand in a row of a picture.
    std::optional<std::string> name(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least,
                                        std::int64_t most);
    std::optional<bool> flag(std::string_view key);
    std::optional<VariedDuration> variedDuration(std::string_view key);
    std::optional<Nanoseconds> duration(std::string_view key); // one that may not vary
    std::optional<std::uint64_t> size(std::string_view key);
    const std::vector<Value>* list(std::string_view key, std::string_view form);

    /// The tables of [[key]]; reports what is not a list of tables.
    std::vector<const Value*> tables(std::string_view key);

    /// Reports the keys that nobody asked for. To be called last.
    void refuseOthers();

    Position position() const { return m_table.position; }
    const std::string& what() const { return m_what; }

private:
    const Value* typed(std::string_view key, Value::Kind kind, std::string_view form);

    const Value& m_table;
    std::string m_what;
    Problems& m_problems;
    std::vector<std::string_view> m_asked;
};

} // namespace interleave::scenario
