// SPDX-License-Identifier: GPL-3.0-or-later
// ExpressionWords: the text of an expression, word by word. A name is letters, digits and _ in
// parts with dots between them; a part in quotes may be anything: locks."the stove".wait_s
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace interleave::analysis {

class ExpressionWords {
public:
    explicit ExpressionWords(std::string_view text)
        : m_text(text) {}

    /// The next word without taking it; empty at the end.
    std::string_view next();
    void take() { m_at += next().size(); }
    bool takeIf(std::string_view word);
    /// "column 12, \"=\"", or "its end".
    std::string place();
    std::string_view text() const { return m_text; }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

} // namespace interleave::analysis
