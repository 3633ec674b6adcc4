// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/export_text.h"

#include <algorithm>
#include <cstring>

namespace interleave::chrome_trace {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kReplacement = "\xef\xbf\xbd"; // U+FFFD

/// How many bytes the UTF-8 sequence at the begin of the text has; 0 if there is no valid one.
std::size_t sequenceLength(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto isTail = [&](std::size_t i, unsigned least = 0x80, unsigned most = 0xbf) {
        return byte(i) >= least && byte(i) <= most;
    };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xc2 && first <= 0xdf) {
        return isTail(1) ? 2 : 0;
    }
    if (first >= 0xe0 && first <= 0xef) {
        const unsigned least = first == 0xe0 ? 0xa0 : 0x80; // no overlong ones
        const unsigned most = first == 0xed ? 0x9f : 0xbf;  // no surrogates
        return isTail(1, least, most) && isTail(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const unsigned least = first == 0xf0 ? 0x90 : 0x80;
        const unsigned most = first == 0xf4 ? 0x8f : 0xbf;
        return isTail(1, least, most) && isTail(2) && isTail(3) ? 4 : 0;
    }
    return 0;
}

void appendEscaped(std::string& json, char c) {
    switch (c) {
    case '"':
        json += "\\\"";
        return;
    case '\\':
        json += "\\\\";
        return;
    case '\n':
        json += "\\n";
        return;
    case '\t':
        json += "\\t";
        return;
    default:
        break;
    }
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20) {
        json += "\\u00";
        json += kHexDigits[code >> 4];
        json += kHexDigits[code & 15];
    } else {
        json += c;
    }
}

} // namespace

char* writeMicroseconds(char* at, Nanoseconds ns) {
    auto magnitude = static_cast<std::uint64_t>(ns);
    if (ns < 0) {
        *at++ = '-';
        magnitude = 0 - magnitude;
    }
    at = writeNumber(at, magnitude / 1000);
    const std::uint64_t rest = magnitude % 1000;
    *at++ = '.';
    *at++ = static_cast<char>('0' + rest / 100);
    std::memcpy(at, &kDigitPairs[2 * (rest % 100)], 2);
    return at + 2;
}

bool appendJsonString(std::string& json, std::string_view text) {
    bool isExact = true;
    json += '"';
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 1) {
            appendEscaped(json, text.front());
        } else if (length == 0) {
            json += kReplacement;
            isExact = false;
        } else {
            json += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    json += '"';
    return isExact;
}

void appendExactString(std::string& json, std::string_view text) {
    const std::size_t before = json.size();
    if (appendJsonString(json, text)) {
        return;
    }
    json.resize(before);
    json += "{\"hex\":\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        json += kHexDigits[code >> 4];
        json += kHexDigits[code & 15];
    }
    json += "\"}";
}

void JsonTexts::add(std::string_view text) {
    const bool isExact = appendJsonString(m_text, text);
    m_isLossy.push_back(!isExact);
    m_isAllExact = m_isAllExact && isExact;
    m_longest = std::max(m_longest, m_text.size() - m_ends.back());
    m_ends.push_back(m_text.size());
}

} // namespace interleave::chrome_trace
