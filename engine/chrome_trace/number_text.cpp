// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/number_text.h"

#include <algorithm>
#include <charconv>

namespace interleave::chrome_trace {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kMostDigits = 30; // that matter: 10^30 fits into 128 bits, a range of 10^22 is kept
constexpr int kMostExponent = 100'000;

/// A JSON number as digits * 10^exponent.
struct Digits {
    bool isNegative = false;
    Wide digits = 0;
    int exponent = 0;
};

class DigitReader {
public:
    explicit DigitReader(std::string_view text)
        : m_text(text) {}

    std::optional<Digits> read() {
        Digits number;
        number.isNegative = take('-');
        const bool hasWhole = readDigits(number, 0);
        const bool hasFraction = take('.') && readDigits(number, -1);
        if (!hasWhole && !hasFraction) {
            return std::nullopt;
        }
        if (take('e') || take('E')) {
            const auto exponent = readExponent();
            if (!exponent) {
                return std::nullopt;
            }
            number.exponent += *exponent;
        }
        return m_text.empty() ? std::optional(number) : std::nullopt;
    }

private:
    bool take(char wanted) {
        if (m_text.empty() || m_text.front() != wanted) {
            return false;
        }
        m_text.remove_prefix(1);
        return true;
    }
    bool hasDigit() const {
        return !m_text.empty() && m_text.front() >= '0' && m_text.front() <= '9';
    }

    bool readDigits(Digits& number, int exponentStep) {
        const bool isFound = hasDigit();
        for (; hasDigit(); m_text.remove_prefix(1)) {
            if (m_significant >= kMostDigits) {
                number.exponent += 1 + exponentStep; // too small to matter
                continue;
            }
            number.digits = number.digits * 10 + static_cast<unsigned>(m_text.front() - '0');
            number.exponent += exponentStep;
            m_significant += number.digits != 0 ? 1 : 0;
        }
        return isFound;
    }

    std::optional<int> readExponent() {
        const bool isNegative = take('-') || (take('+') && false);
        if (!hasDigit()) {
            return std::nullopt;
        }
        int exponent = 0;
        for (; hasDigit(); m_text.remove_prefix(1)) {
            exponent = std::min(exponent * 10 + (m_text.front() - '0'), kMostExponent);
        }
        return isNegative ? -exponent : exponent;
    }

    std::string_view m_text;
    int m_significant = 0;
};

} // namespace

NumberKind parseMicroseconds(std::string_view text, Decimal& value) {
    const auto number = DigitReader(text).read();
    if (!number) {
        return NumberKind::NotANumber;
    }
    constexpr Wide most = static_cast<Wide>(kLatest) * 1000;
    Wide ps = number->digits;
    int exponent = number->exponent + 6;
    for (; exponent > 0 && ps != 0 && ps <= most; --exponent) {
        ps *= 10;
    }
    for (; exponent < 0 && ps != 0; ++exponent) {
        ps /= 10;
    }
    if (ps > most) {
        return NumberKind::OutOfRange;
    }
    const auto ns = static_cast<Nanoseconds>(ps / 1000);
    const auto rest = static_cast<std::int32_t>(ps % 1000);
    if (!number->isNegative) {
        value = {ns, rest};
    } else {
        value = rest == 0 ? Decimal{-ns, 0} : Decimal{-ns - 1, 1000 - rest};
    }
    return NumberKind::Number;
}

std::optional<std::int64_t> parseInteger(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

} // namespace interleave::chrome_trace
