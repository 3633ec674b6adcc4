// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of a trace. Times are decimal microseconds, often with three decimals: they become
// nanoseconds in integers, exactly; a double would have lost them long before 2^53 ns.
#pragma once

#include "engine/base/time.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace interleave::chrome_trace {

/// A time or a duration: whole nanoseconds (rounded down) and picoseconds, so that an end is
/// rounded once, not as the sum of two rounded numbers. Else slices that meet would overlap.
struct Decimal {
    Nanoseconds ns = 0;
    std::int32_t ps = 0; // 0 .. 999

    Nanoseconds rounded() const { return ns + (ps >= 500 ? 1 : 0); }
    friend bool operator==(Decimal, Decimal) = default;
};

/// From rounded begin to rounded end.
inline Nanoseconds durationFrom(Decimal begin, Decimal duration) {
    const std::int32_t ps = begin.ps + duration.ps;
    return duration.ns + (ps + 500) / 1000 - (begin.ps >= 500 ? 1 : 0);
}

/// Times beyond are as good as none: their differences would not fit into 64 bits.
inline constexpr Nanoseconds kLatest = (Nanoseconds{1} << 62) - 1;

enum class NumberKind : std::uint8_t { Number, OutOfRange, NotANumber };

/// Any JSON number, in microseconds: signs, exponents, as many digits as there are.
NumberKind parseMicroseconds(std::string_view text, Decimal& value);

/// A whole number within 64 bits; nothing else.
std::optional<std::int64_t> parseInteger(std::string_view text);

namespace detail {

inline constexpr std::array<std::uint64_t, 9> kTens{1,      10,      100,      1000,     10000,
                                                    100000, 1000000, 10000000, 100000000};

/// The number of digits (0 .. 8) that `at` begins with, and their value. Reads 8 bytes.
/// Source of the multiplications: Lemire, "Quickly parsing eight digits" (2018).
inline unsigned digitsAt(const char* at, std::uint64_t& value) {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, sizeof(bytes));
    bytes ^= 0x3030303030303030; // digits become 0 .. 9
    const std::uint64_t others =
        ((bytes + 0x7676767676767676) | bytes) & 0x8080808080808080; // carries stop at bit 7
    const auto count = static_cast<unsigned>(std::countr_zero(others)) / 8;
    if (count == 0) {
        value = 0;
        return 0;
    }
    bytes <<= 64 - 8 * count; // leading zeros
    bytes = bytes * 10 + (bytes >> 8);
    value = (((bytes & 0x000000ff000000ff) * 0x000f424000000064) +
             (((bytes >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >>
            32;
    return count;
}

} // namespace detail

/// The usual forms, quickly: up to 16 digits, a fraction, no sign, no exponent. Behind the number,
/// or nullptr if it is of another form.
inline const char* scanMicroseconds(const char* at, Decimal& value) {
    std::uint64_t whole = 0;
    unsigned count = detail::digitsAt(at, whole);
    if (count == 0) {
        return nullptr;
    }
    at += count;
    if (count == 8) {
        std::uint64_t more = 0;
        count = detail::digitsAt(at, more);
        whole = whole * detail::kTens[count] + more;
        at += count;
        if (whole > static_cast<std::uint64_t>(kLatest) / 1000 - 1) {
            return nullptr;
        }
    }
    std::uint64_t fraction = 0;
    std::int32_t ps = 0;
    if (*at == '.') {
        count = detail::digitsAt(at + 1, fraction);
        if (count == 0) {
            return nullptr;
        }
        at += count + 1;
        if (count <= 3) {
            fraction *= detail::kTens[3 - count];
        } else {
            const std::uint64_t allPs = fraction * detail::kTens[8 - count] / 100;
            fraction = allPs / 1000;
            ps = static_cast<std::int32_t>(allPs % 1000);
            while (count == 8) { // what is too small to matter
                std::uint64_t ignored = 0;
                count = detail::digitsAt(at, ignored);
                at += count;
            }
        }
    }
    value = {static_cast<Nanoseconds>(whole * 1000 + fraction), ps};
    return at;
}

/// Up to 16 digits. Behind them, or nullptr.
inline const char* scanInteger(const char* at, std::int64_t& value) {
    std::uint64_t whole = 0;
    unsigned count = detail::digitsAt(at, whole);
    if (count == 0) {
        return nullptr;
    }
    at += count;
    if (count == 8) {
        std::uint64_t more = 0;
        count = detail::digitsAt(at, more);
        whole = whole * detail::kTens[count] + more;
        at += count;
    }
    value = static_cast<std::int64_t>(whole);
    return at;
}

} // namespace interleave::chrome_trace
