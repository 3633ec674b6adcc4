// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/json_scan.h"

#include <optional>

namespace interleave::chrome_trace {

namespace {

constexpr std::uint32_t kReplacementPoint = 0xfffd;

void appendUtf8(std::string& text, std::uint32_t code) {
    const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0 | code >> 6);
        put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put(0xe0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    } else {
        put(0xf0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3f));
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    }
}

std::optional<std::uint32_t> hexAt(std::string_view text, std::size_t at) {
    if (at + 4 > text.size()) {
        return std::nullopt;
    }
    std::uint32_t code = 0;
    for (const char c : text.substr(at, 4)) {
        const int lower = c | 0x20;
        if (c >= '0' && c <= '9') {
            code = code * 16 + static_cast<std::uint32_t>(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            code = code * 16 + static_cast<std::uint32_t>(lower - 'a') + 10;
        } else {
            return std::nullopt;
        }
    }
    return code;
}

/// `at` behind "\u"; appends what the escape (or the pair of surrogates) means and returns the
/// place behind it.
std::size_t appendUnicode(std::string& text, std::string_view raw, std::size_t at) {
    const auto code = hexAt(raw, at);
    if (!code) {
        appendUtf8(text, kReplacementPoint);
        return at;
    }
    at += 4;
    if (*code < 0xd800 || *code > 0xdfff) {
        appendUtf8(text, *code);
        return at;
    }
    if (*code < 0xdc00 && raw.substr(at, 2) == "\\u") {
        if (const auto low = hexAt(raw, at + 2); low && *low >= 0xdc00 && *low <= 0xdfff) {
            appendUtf8(text, 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00));
            return at + 6;
        }
    }
    appendUtf8(text, kReplacementPoint); // half of a pair
    return at;
}

std::size_t appendEscape(std::string& text, std::string_view raw, std::size_t at) {
    const char c = at < raw.size() ? raw[at] : '\0';
    switch (c) {
    case '"':
    case '\\':
    case '/':
        text.push_back(c);
        return at + 1;
    case 'b':
        text.push_back('\b');
        return at + 1;
    case 'f':
        text.push_back('\f');
        return at + 1;
    case 'n':
        text.push_back('\n');
        return at + 1;
    case 'r':
        text.push_back('\r');
        return at + 1;
    case 't':
        text.push_back('\t');
        return at + 1;
    case 'u':
        return appendUnicode(text, raw, at + 1);
    default:
        appendUtf8(text, kReplacementPoint);
        return at;
    }
}

/// Length of the valid UTF-8 sequence that begins with a byte >= 0x80; 0 if there is none.
std::size_t sequenceLength(std::string_view raw, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(raw[at + i]); };
    const unsigned first = byte(0);
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || at + length > raw.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) {
            return 0;
        }
    }
    const unsigned second = byte(1); // overlong forms, surrogates, beyond U+10FFFF
    const bool isWrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                         (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
    return isWrong ? 0 : length;
}

} // namespace

std::string decodeString(std::string_view raw) {
    std::string text;
    text.reserve(raw.size());
    for (std::size_t at = 0; at < raw.size();) {
        const char c = raw[at];
        if (c == '\\') {
            at = appendEscape(text, raw, at + 1);
        } else if (static_cast<unsigned char>(c) < 0x80) {
            text.push_back(c);
            ++at;
        } else if (const std::size_t length = sequenceLength(raw, at); length != 0) {
            text.append(raw.substr(at, length));
            at += length;
        } else {
            appendUtf8(text, kReplacementPoint);
            ++at;
        }
    }
    return text;
}

} // namespace interleave::chrome_trace
