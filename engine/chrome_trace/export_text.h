// SPDX-License-Identifier: GPL-3.0-or-later
// Times and texts as they stand in a trace. Texts are escaped once, into a table.
#pragma once

#include "engine/base/text_buffer.h"
#include "engine/base/time.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::chrome_trace {

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
