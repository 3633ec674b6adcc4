// SPDX-License-Identifier: GPL-3.0-or-later
// TextBuffer: how large exports are written: straight into memory, numbers two digits at a time,
// texts copied from tables in which they stand escaped already. Nothing is formatted by a library;
// that is what makes the difference between 60 and 1500 MB a second.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace interleave {

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

/// The digits of 0 to 99, two each.
extern const char kDigitPairs[200];

} // namespace interleave
