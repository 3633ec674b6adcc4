// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/expression_words.h"

#include <fmt/format.h>

namespace interleave::analysis {

namespace {

bool isSpaceCharacter(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isNameCharacter(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           byte >= 0x80;
}

bool isComparisonCharacter(char c) {
    return std::string_view("<>=!").find(c) != std::string_view::npos;
}

std::size_t endOfName(std::string_view text, std::size_t at) {
    while (at < text.size() && (isNameCharacter(text[at]) || text[at] == '"')) {
        if (text[at] == '"') {
            at = text.find('"', at + 1);
            if (at == std::string_view::npos) {
                return text.size();
            }
        }
        ++at;
    }
    return at;
}

/// A number may have a sign in its exponent: 1e-3.
std::size_t endOfNumber(std::string_view text, std::size_t at) {
    while (at < text.size() && isNameCharacter(text[at])) {
        const bool isExponent = text[at] == 'e' || text[at] == 'E';
        ++at;
        if (isExponent && at + 1 < text.size() && (text[at] == '-' || text[at] == '+') &&
            isDigit(text[at + 1])) {
            ++at;
        }
    }
    return at;
}

} // namespace

std::string_view ExpressionWords::next() {
    while (m_at < m_text.size() && isSpaceCharacter(m_text[m_at])) {
        ++m_at;
    }
    if (m_at == m_text.size()) {
        return {};
    }
    std::size_t end = m_at + 1;
    if (isDigit(m_text[m_at])) {
        end = endOfNumber(m_text, m_at);
    } else if (isNameCharacter(m_text[m_at])) {
        end = endOfName(m_text, m_at);
    } else if (isComparisonCharacter(m_text[m_at])) {
        while (end < m_text.size() && isComparisonCharacter(m_text[end])) {
            ++end;
        }
    }
    return m_text.substr(m_at, end - m_at);
}

bool ExpressionWords::takeIf(std::string_view word) {
    if (next() != word) {
        return false;
    }
    take();
    return true;
}

std::string ExpressionWords::place() {
    const std::string_view word = next();
    return word.empty() ? "its end" : fmt::format("column {}, \"{}\"", m_at + 1, word);
}

} // namespace interleave::analysis
