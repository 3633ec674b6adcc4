// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/name_table.h"

namespace interleave::chrome_trace {

std::uint32_t NameTable::add(std::string_view text, std::uint64_t hash, std::size_t at) {
    const auto number = static_cast<std::uint32_t>(m_texts.size());
    m_texts.push_back(text);
    m_entries[at] = {static_cast<std::uint32_t>(hash >> 32), number};
    if (m_texts.size() * 2 > m_entries.size()) {
        m_mask = m_mask * 2 + 1;
        m_entries.assign(m_mask + 1, {});
        for (std::uint32_t i = 0; i < m_texts.size(); ++i) {
            const std::uint64_t itsHash = hashOf(m_texts[i]);
            std::size_t place = itsHash & m_mask;
            while (m_entries[place].number != kNone) {
                place = (place + 1) & m_mask;
            }
            m_entries[place] = {static_cast<std::uint32_t>(itsHash >> 32), i};
        }
    }
    return number;
}

} // namespace interleave::chrome_trace
