// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/problems.h"

#include "engine/base/check.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <vector>

namespace interleave::scenario {

namespace {

constexpr std::size_t kLongestQuote = 60;

/// How many letters have to be put in, left out, replaced or swapped with their neighbour.
/// O(a.size() * b.size()), so only for names of a sane length.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    std::vector<std::size_t> before = row;
    std::vector<std::size_t> twoBefore = row;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        twoBefore.swap(before);
        before.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = before[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u);
            row[j] = std::min({before[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], twoBefore[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

} // namespace

Problems::Problems(std::string file)
    : m_file(std::move(file)) {}

void Problems::report(Position at, std::string message) {
    if (wouldBeFirst(at)) {
        m_at = at;
        m_message = std::move(message);
    }
}

Error Problems::first() const {
    CHECK(!areNone());
    return {fmt::format("{}:{}:{}: {}", m_file, m_at.line, m_at.column, m_message)};
}

std::string inQuotes(std::string_view text) {
    std::string result = "\"";
    std::size_t taken = 0;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        // Never cut inside a UTF-8 sequence.
        if (taken >= kLongestQuote && (byte & 0xc0u) != 0x80u) {
            return result + "...\"";
        }
        if (byte < 0x20 || byte == 0x7f) {
            result += fmt::format("\\x{:02x}", byte);
        } else {
            result += character;
        }
        ++taken;
    }
    return result + "\"";
}

std::string withArticle(std::string_view noun) {
    const bool isVowel = noun.find_first_of("aeiou") == 0;
    return fmt::format("{} {}", isVowel ? "an" : "a", noun);
}

std::string listed(std::span<const std::string_view> names, std::string_view last) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i != 0) {
            text += i + 1 == names.size() ? fmt::format(" {} ", last) : ", ";
        }
        text += names[i];
    }
    return text;
}

std::optional<std::string_view> nearest(std::string_view name,
                                        std::span<const std::string_view> candidates) {
    if (name.size() > kLongestQuote) {
        return std::nullopt;
    }
    std::optional<std::string_view> best;
    std::size_t bestDistance = std::max<std::size_t>(1, name.size() / 3) + 1;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kLongestQuote) {
            continue;
        }
        const std::size_t distance = editDistance(name, candidate);
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace interleave::scenario
