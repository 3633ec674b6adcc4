// SPDX-License-Identifier: GPL-3.0-or-later
// Integers of a table as the narrower types of a recording, and ids within their bounds. Each is
// false where the value does not fit, which no file of ours holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace interleave::storage {

template <class T>
bool fits(std::int64_t value) {
    return value >= static_cast<std::int64_t>(std::numeric_limits<T>::min()) &&
           value <= static_cast<std::int64_t>(std::numeric_limits<T>::max());
}

template <class T>
bool takeNumber(std::int64_t value, T& to) {
    to = static_cast<T>(value);
    return fits<T>(value);
}

/// An id of a table of the size; 0 is none.
template <class IdType>
bool takeId(std::int64_t value, std::size_t tableSize, IdType& to) {
    if (value < 0 || static_cast<std::uint64_t>(value) > tableSize) {
        return false;
    }
    to = IdType{static_cast<std::uint32_t>(value)};
    return true;
}

} // namespace interleave::storage
