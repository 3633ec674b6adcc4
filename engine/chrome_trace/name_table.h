// SPDX-License-Identifier: GPL-3.0-or-later
// NameTable: numbers for the strings of one piece of a trace, without copying them. Made to be
// asked once an event: a probe of a flat table and a comparison of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace interleave::chrome_trace {

class NameTable {
public:
    /// Equal texts get equal numbers, counted from 0. The text must stay where it is, and 8 bytes
    /// behind it must be readable.
    std::uint32_t numberOf(std::string_view text) {
        const std::uint64_t hash = hashOf(text);
        for (std::size_t at = hash & m_mask;; at = (at + 1) & m_mask) {
            const Entry& entry = m_entries[at];
            if (entry.number == kNone) {
                return add(text, hash, at);
            }
            if (entry.hash == static_cast<std::uint32_t>(hash >> 32) &&
                isSame(m_texts[entry.number], text)) {
                return entry.number;
            }
        }
    }
    /// Index = number.
    std::span<const std::string_view> texts() const { return m_texts; }

private:
    static constexpr std::uint32_t kNone = 0xffffffff;
    struct Entry {
        std::uint32_t hash = 0;
        std::uint32_t number = kNone;
    };

    static std::uint64_t hashOf(std::string_view text);
    /// Names are short: comparing words beats calling memcmp.
    static bool isSame(std::string_view a, std::string_view b) {
        if (a.size() != b.size()) {
            return false;
        }
        const char* atA = a.data();
        const char* atB = b.data();
        std::size_t left = a.size();
        for (; left > 8; left -= 8, atA += 8, atB += 8) {
            if (wordAt(atA) != wordAt(atB)) {
                return false;
            }
        }
        return left == 0 || ((wordAt(atA) ^ wordAt(atB)) << (64 - 8 * left)) == 0;
    }
    static std::uint64_t wordAt(const char* at) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof(word));
        return word;
    }
    std::uint32_t add(std::string_view text, std::uint64_t hash, std::size_t at);

    std::size_t m_mask = 255;
    std::vector<Entry> m_entries = std::vector<Entry>(256);
    std::vector<std::string_view> m_texts;
};

inline std::uint64_t NameTable::hashOf(std::string_view text) {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    std::uint64_t hash = text.size() * odd;
    const char* at = text.data();
    std::size_t left = text.size();
    const auto mix = [&](std::uint64_t bytes) {
        hash = (hash ^ bytes) * odd;
        hash ^= hash >> 29;
    };
    for (; left > 8; left -= 8, at += 8) {
        mix(wordAt(at));
    }
    if (left != 0) {
        mix(wordAt(at) << (64 - 8 * left));
    }
    hash *= odd;
    return hash ^ hash >> 32;
}

} // namespace interleave::chrome_trace
