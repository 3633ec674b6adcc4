// SPDX-License-Identifier: GPL-3.0-or-later
// Finds where strings and values of JSON text end, without looking into them, and decodes strings.
// Not a parser: what a trace does not need is stepped over, and oddities that do no harm (invalid
// UTF-8, NaN, a newline within a string) are let through, because files of this kind are full of
// them.
//
// Every function reads up to kScanPadding bytes behind `end`; whoever owns the text provides them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace interleave::chrome_trace {

inline constexpr std::size_t kScanPadding = 64;

constexpr bool isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

inline const char* skipSpace(const char* at, const char* end) {
    while (at < end && isSpace(*at)) {
        ++at;
    }
    return at;
}

namespace detail {

#if defined(__SSE2__)
constexpr std::ptrdiff_t kStep = 16;

inline __m128i load(const char* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}
/// Bit i: byte i ends a string or escapes.
inline unsigned quotesIn(const char* at) {
    const __m128i bytes = load(at);
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(
        _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')))));
}
/// Bit i: byte i is a quote or a bracket. Brackets differ from braces in the bit 0x20.
inline unsigned structureIn(const char* at) {
    const __m128i bytes = load(at);
    const __m128i braces = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                       _mm_or_si128(_mm_cmpeq_epi8(braces, _mm_set1_epi8('{')),
                                                    _mm_cmpeq_epi8(braces, _mm_set1_epi8('}'))))));
}
#else
constexpr std::ptrdiff_t kStep = 8;

inline unsigned quotesIn(const char* at) {
    unsigned mask = 0;
    for (unsigned i = 0; i < 8; ++i) {
        mask |= static_cast<unsigned>(at[i] == '"' || at[i] == '\\') << i;
    }
    return mask;
}
inline unsigned structureIn(const char* at) {
    unsigned mask = 0;
    for (unsigned i = 0; i < 8; ++i) {
        const int brace = at[i] | 0x20;
        mask |= static_cast<unsigned>(at[i] == '"' || brace == '{' || brace == '}') << i;
    }
    return mask;
}
#endif

} // namespace detail

/// `at` behind the opening quote; the closing quote, or nullptr if there is none.
inline const char* stringEnd(const char* at, const char* end) {
    while (at < end) {
        const unsigned mask = detail::quotesIn(at);
        if (mask == 0) {
            at += detail::kStep;
            continue;
        }
        at += std::countr_zero(mask);
        if (at >= end) {
            return nullptr;
        }
        if (*at == '"') {
            return at;
        }
        at += 2;
    }
    return nullptr;
}

/// `at` on an opening brace or bracket; behind the one that closes it, or nullptr. No recursion.
inline const char* nestedEnd(const char* at, const char* end) {
    std::size_t depth = 0;
    while (at < end) {
        const unsigned mask = detail::structureIn(at);
        if (mask == 0) {
            at += detail::kStep;
            continue;
        }
        at += std::countr_zero(mask);
        if (at >= end) {
            return nullptr;
        }
        if (*at == '"') {
            at = stringEnd(at + 1, end);
            if (at == nullptr) {
                return nullptr;
            }
        } else if ((*at | 0x20) == '{') {
            ++depth;
        } else if (--depth == 0) {
            return at + 1;
        }
        ++at;
    }
    return nullptr;
}

/// Whether a character may be part of a number or of true, false, null, NaN, Infinity.
constexpr bool isScalar(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '+';
}

/// `at` on the first character of a value; behind it. nullptr if it does not end before `end`;
/// `at` itself if no value begins here.
inline const char* valueEnd(const char* at, const char* end) {
    if (at >= end) {
        return nullptr;
    }
    if (*at == '"') {
        const char* quote = stringEnd(at + 1, end);
        return quote == nullptr ? nullptr : quote + 1;
    }
    if (*at == '{' || *at == '[') {
        return nestedEnd(at, end);
    }
    while (at < end && isScalar(*at)) {
        ++at;
    }
    return at == end ? nullptr : at;
}

/// The text between the quotes of a JSON string, decoded: valid UTF-8 whatever came in. A lone
/// surrogate, an invalid byte or an unknown escape becomes U+FFFD.
std::string decodeString(std::string_view raw);

/// Reads an object's fields in order: `field(key, value)` with the raw text of both (the key
/// without its quotes). `text` is a view into padded text and begins with a brace. False if it is
/// not well formed; what came before has been told.
template <class Function>
bool forEachField(std::string_view text, Function&& field) {
    const char* end = text.data() + text.size();
    const char* at = text.data();
    if (at == end || *at != '{') {
        return false;
    }
    at = skipSpace(at + 1, end);
    while (at < end && *at == '"') {
        const char* keyBegin = at + 1;
        const char* keyEnd = stringEnd(keyBegin, end);
        if (keyEnd == nullptr) {
            return false;
        }
        at = skipSpace(keyEnd + 1, end);
        if (at >= end || *at != ':') {
            return false;
        }
        at = skipSpace(at + 1, end);
        const char* value = at;
        at = valueEnd(at, end);
        if (at == nullptr || at == value) {
            return false;
        }
        field(std::string_view(keyBegin, keyEnd), std::string_view(value, at));
        at = skipSpace(at, end);
        if (at < end && *at == ',') {
            at = skipSpace(at + 1, end);
        }
    }
    return at < end && *at == '}';
}

/// The content of a JSON string value with its quotes, still escaped; other values as they are.
constexpr std::string_view unquoted(std::string_view value) {
    return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2) : value;
}

} // namespace interleave::chrome_trace
