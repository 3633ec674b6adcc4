// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/string_table.h"

#include "engine/base/check.h"

namespace interleave {

StringTable::StringTable(const StringTable& other) {
    *this = other;
}

StringTable& StringTable::operator=(const StringTable& other) {
    if (this != &other) {
        m_texts.clear();
        m_ids.clear();
        for (const std::string& text : other.m_texts) {
            intern(text);
        }
    }
    return *this;
}

StringId StringTable::intern(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    if (const auto known = m_ids.find(text); known != m_ids.end()) {
        return known->second;
    }
    m_texts.emplace_back(text);
    const StringId id{static_cast<std::uint32_t>(m_texts.size())};
    m_ids.emplace(m_texts.back(), id);
    return id;
}

std::string_view StringTable::text(StringId id) const {
    if (id.isNone()) {
        return {};
    }
    CHECK(id.value <= m_texts.size());
    return m_texts[id.value - 1];
}

StringId StringTable::find(std::string_view text) const {
    const auto known = m_ids.find(text);
    return known == m_ids.end() ? StringId{} : known->second;
}

} // namespace interleave
