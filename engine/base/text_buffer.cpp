// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/text_buffer.h"

#include <algorithm>
#include <array>

namespace interleave {

// clang-format off
const char kDigitPairs[200] = {
    '0','0', '0','1', '0','2', '0','3', '0','4', '0','5', '0','6', '0','7', '0','8', '0','9',
    '1','0', '1','1', '1','2', '1','3', '1','4', '1','5', '1','6', '1','7', '1','8', '1','9',
    '2','0', '2','1', '2','2', '2','3', '2','4', '2','5', '2','6', '2','7', '2','8', '2','9',
    '3','0', '3','1', '3','2', '3','3', '3','4', '3','5', '3','6', '3','7', '3','8', '3','9',
    '4','0', '4','1', '4','2', '4','3', '4','4', '4','5', '4','6', '4','7', '4','8', '4','9',
    '5','0', '5','1', '5','2', '5','3', '5','4', '5','5', '5','6', '5','7', '5','8', '5','9',
    '6','0', '6','1', '6','2', '6','3', '6','4', '6','5', '6','6', '6','7', '6','8', '6','9',
    '7','0', '7','1', '7','2', '7','3', '7','4', '7','5', '7','6', '7','7', '7','8', '7','9',
    '8','0', '8','1', '8','2', '8','3', '8','4', '8','5', '8','6', '8','7', '8','8', '8','9',
    '9','0', '9','1', '9','2', '9','3', '9','4', '9','5', '9','6', '9','7', '9','8', '9','9',
};
// clang-format on

void TextBuffer::grow(std::size_t bytes) {
    const std::size_t capacity = std::max(m_capacity * 2, m_size + bytes);
    auto text = std::make_unique_for_overwrite<char[]>(capacity);
    if (m_size != 0) {
        std::memcpy(text.get(), m_text.get(), m_size);
    }
    m_text = std::move(text);
    m_capacity = capacity;
}

void TextBuffer::append(std::string_view text) {
    if (!text.empty()) {
        setEnd(write(room(text.size()), text));
    }
}

char* writeNumber(char* at, std::uint64_t value) {
    std::array<char, 20> digits;
    char* const end = digits.data() + digits.size();
    char* first = end;
    while (value >= 100) {
        first -= 2;
        std::memcpy(first, &kDigitPairs[2 * (value % 100)], 2);
        value /= 100;
    }
    if (value >= 10) {
        first -= 2;
        std::memcpy(first, &kDigitPairs[2 * value], 2);
    } else {
        *--first = static_cast<char>('0' + value);
    }
    const auto count = static_cast<std::size_t>(end - first);
    std::memcpy(at, first, count);
    return at + count;
}

} // namespace interleave
