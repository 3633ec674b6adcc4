// SPDX-License-Identifier: GPL-3.0-or-later
// A text that is put together on the stack; what doesn't fit is cut.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace interleave::agent {

template <std::size_t Capacity>
class TextLine {
public:
    TextLine& add(std::string_view text) {
        const std::size_t room = Capacity - m_size;
        const std::size_t bytes = text.size() < room ? text.size() : room;
        std::memcpy(m_text + m_size, text.data(), bytes);
        m_size += bytes;
        return *this;
    }
    TextLine& add(const char* text) { return add(std::string_view(text)); }
    TextLine& add(long number) {
        char digits[20];
        std::size_t count = 0;
        unsigned long rest = number < 0 ? 0ul - static_cast<unsigned long>(number)
                                        : static_cast<unsigned long>(number);
        do {
            digits[sizeof digits - ++count] = static_cast<char>('0' + rest % 10);
            rest /= 10;
        } while (rest != 0 && count < sizeof digits - 1);
        if (number < 0) {
            digits[sizeof digits - ++count] = '-';
        }
        return add(std::string_view(digits + sizeof digits - count, count));
    }
    TextLine& add(int number) { return add(static_cast<long>(number)); }
    /// Divides the parts of an event's text.
    TextLine& addZero() { return add(std::string_view("\0", 1)); }

    const char* data() const { return m_text; }
    std::size_t size() const { return m_size; }
    std::string_view view() const { return {m_text, m_size}; }

private:
    char m_text[Capacity];
    std::size_t m_size = 0;
};

} // namespace interleave::agent
