// SPDX-License-Identifier: GPL-3.0-or-later
// Problems: the mistakes found in a scenario file. All are collected, the first one in the file is
// reported: people mend a file from the top.
#pragma once

#include "engine/base/result.h"

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace interleave::scenario {

/// 1-based; columns count characters, not bytes.
struct Position {
    int line = 0;
    int column = 0;
    friend auto operator<=>(Position, Position) = default;
};

class Problems {
public:
    explicit Problems(std::string file);

    void report(Position at, std::string message);
    /// Whether a report at this place would be the one that counts: spares work on the others.
    bool wouldBeFirst(Position at) const { return m_message.empty() || at < m_at; }
    bool areNone() const { return m_message.empty(); }
    /// "file:line:column: message" of the first; only if there is one.
    Error first() const;

private:
    std::string m_file;
    Position m_at;
    std::string m_message;
};

/// Text of the file in a message: in quotes, shortened, control characters made visible.
std::string inQuotes(std::string_view text);

/// "a lock", "an exchange".
std::string withArticle(std::string_view noun);

/// "a, b or c".
std::string listed(std::span<const std::string_view> names, std::string_view last = "or");

/// The name that was probably meant, if one is close enough.
std::optional<std::string_view> nearest(std::string_view name,
                                        std::span<const std::string_view> candidates);

} // namespace interleave::scenario
