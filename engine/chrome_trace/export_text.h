// SPDX-License-Identifier: GPL-3.0-or-later
// How an export writes: straight into a large buffer, numbers two digits at a time, texts copied
// from a table in which they stand escaped already. Nothing is formatted by a library; that is
// what makes the difference between 60 and 1500 MB a second.
#pragma once

#include "engine/base/time.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::chrome_trace {

/// Grows by doubling; a writer asks for the room that a line may need at most, then fills it.
class TextBuffer {
public:
    /// At least `bytes` of room (and as much slack as copyShort may overwrite).
    char* room(std::size_t bytes) {
        if (m_capacity - m_size < bytes + kSlack) {
            grow(bytes + kSlack);
        }
        return m_text.get() + m_size;
    }
    /// What was filled ends here.
    void setEnd(const char* end) { m_size = static_cast<std::size_t>(end - m_text.get()); }
    void append(std::string_view text);
    std::string_view view() const { return {m_text.get(), m_size}; }
    void clear() { m_size = 0; }

    static constexpr std::size_t kSlack = 64;

private:
    void grow(std::size_t bytes);

    std::unique_ptr<char[]> m_text;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
};

/// A literal, without its zero.
template <std::size_t N>
char* write(char* at, const char (&text)[N]) {
    std::memcpy(at, text, N - 1);
    return at + (N - 1);
}
inline char* write(char* at, std::string_view text) {
    std::memcpy(at, text.data(), text.size());
    return at + text.size();
}
/// For texts behind which 32 bytes may be read: no loop for the short ones, which most are.
inline char* writeShort(char* at, std::string_view text) {
    std::memcpy(at, text.data(), 32);
    if (text.size() > 32) [[unlikely]] {
        std::memcpy(at + 32, text.data() + 32, text.size() - 32);
    }
    return at + text.size();
}

char* writeNumber(char* at, std::uint64_t value);
inline char* writeNumber(char* at, std::int64_t value) {
    if (value < 0) {
        *at++ = '-';
        return writeNumber(at, std::uint64_t{0} - static_cast<std::uint64_t>(value));
    }
    return writeNumber(at, static_cast<std::uint64_t>(value));
}
inline char* writeNumber(char* at, std::uint32_t value) {
    return writeNumber(at, std::uint64_t{value});
}
/// Microseconds with three decimals, which is every nanosecond of any 64-bit time.
char* writeMicroseconds(char* at, Nanoseconds ns);

/// Appends a JSON string with its quotes. What isn't valid UTF-8 becomes U+FFFD; then the result is
/// false: the text can't be had back from it.
bool appendJsonString(std::string& json, std::string_view text);
/// The same text as the value of a key in the head of an export: what isn't valid UTF-8 stands
/// there as {"hex": "..."}, so that nothing is lost.
void appendExactString(std::string& json, std::string_view text);

/// Texts as JSON strings, escaped once.
class JsonTexts {
public:
    void reserve(std::size_t count) { m_ends.reserve(count + 1); }
    /// Its index is the number of texts before it.
    void add(std::string_view text);
    /// With quotes; 32 bytes behind it may be read, once finish() was called.
    std::string_view operator[](std::size_t index) const {
        return std::string_view(m_text).substr(m_ends[index], m_ends[index + 1] - m_ends[index]);
    }
    /// Whether it is the text itself, not one with replaced bytes.
    bool isExact(std::size_t index) const { return m_isAllExact || !m_isLossy[index]; }
    bool isEmpty(std::size_t index) const { return m_ends[index + 1] - m_ends[index] == 2; }
    std::size_t size() const { return m_ends.size() - 1; }
    std::size_t longest() const { return m_longest; }
    void finish() { m_text.append(32, ' '); }

private:
    std::string m_text;
    std::vector<std::size_t> m_ends{0};
    std::vector<bool> m_isLossy;
    std::size_t m_longest = 0;
    bool m_isAllExact = true;
};

} // namespace interleave::chrome_trace
