// SPDX-License-Identifier: GPL-3.0-or-later
// Interned strings: equal strings have equal ids; id 0 is the empty string.
#pragma once

#include "engine/base/id.h"

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace interleave {

class StringTable {
public:
    StringTable() = default;
    StringTable(const StringTable& other);
    StringTable& operator=(const StringTable& other);
    StringTable(StringTable&&) = default;
    StringTable& operator=(StringTable&&) = default;

    StringId intern(std::string_view text);
    /// The text of an id of this table; ids of other tables are a programmer's error.
    std::string_view text(StringId id) const;
    /// The id of a text that was interned before, or none.
    StringId find(std::string_view text) const;
    /// Number of texts, the empty one included: ids are 0 .. size() - 1.
    std::size_t size() const { return m_texts.size() + 1; }

private:
    std::deque<std::string> m_texts; // a deque: views into it stay valid while it grows
    std::unordered_map<std::string_view, StringId> m_ids;
};

} // namespace interleave
