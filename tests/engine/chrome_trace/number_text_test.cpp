// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/number_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>
#include <string>

namespace interleave::chrome_trace {
namespace {

Decimal parsed(std::string_view text) {
    Decimal value{-1, -1};
    EXPECT_EQ(parseMicroseconds(text, value), NumberKind::Number) << text;
    return value;
}

NumberKind kindOf(std::string_view text) {
    Decimal value;
    return parseMicroseconds(text, value);
}

TEST(NumberText, ThreeDecimalsOfMicrosecondsAreExact) {
    EXPECT_EQ(parsed("123.456"), (Decimal{123456, 0}));
    EXPECT_EQ(parsed("0.001"), (Decimal{1, 0}));
    EXPECT_EQ(parsed("7"), (Decimal{7000, 0}));
    EXPECT_EQ(parsed("7.5"), (Decimal{7500, 0}));
    EXPECT_EQ(parsed("-7.5"), (Decimal{-7500, 0}));
    // A double has no room for these digits.
    EXPECT_EQ(parsed("1700000000123456.789"), (Decimal{1700000000123456789, 0}));
}

TEST(NumberText, MoreDecimalsAreRoundedOnce) {
    EXPECT_EQ(parsed("1.0004").rounded(), 1000);
    EXPECT_EQ(parsed("1.0005").rounded(), 1001);
    EXPECT_EQ(parsed("0.30000000000000004"), (Decimal{300, 0}));
    EXPECT_EQ(parsed("-0.0004"), (Decimal{-1, 600}));
    EXPECT_EQ(parsed("-0.0004").rounded(), 0);
    // Slices that meet still meet: 10.0006 + 5.0006 is 15.0012, whose rounding is 15.001.
    const Decimal begin = parsed("10.0006");
    EXPECT_EQ(begin.rounded() + durationFrom(begin, parsed("5.0006")), parsed("15.0012").rounded());
}

TEST(NumberText, ExponentsMoveThePoint) {
    EXPECT_EQ(parsed("1.5e3"), (Decimal{1500000, 0}));
    EXPECT_EQ(parsed("15E-1"), (Decimal{1500, 0}));
    EXPECT_EQ(parsed("1e+15"), (Decimal{1000000000000000000, 0}));
    EXPECT_EQ(parsed("0e99999999999"), (Decimal{0, 0}));
    EXPECT_EQ(parsed("1e-99999999999"), (Decimal{0, 0}));
}

TEST(NumberText, BeyondSixtyTwoBitsIsOutOfRange) {
    EXPECT_EQ(kindOf("4611686018427387.903"), NumberKind::Number);
    EXPECT_EQ(kindOf("4611686018427387.904"), NumberKind::OutOfRange);
    EXPECT_EQ(kindOf("1e300"), NumberKind::OutOfRange);
    EXPECT_EQ(kindOf("-99999999999999999999999999999999999999999999"), NumberKind::OutOfRange);
}

TEST(NumberText, OtherTextsAreNoNumbers) {
    for (const char* text : {"", "-", ".", "abc", "1.2.3", "1e", "NaN", "Infinity", "1 ", "0x10"}) {
        EXPECT_EQ(kindOf(text), NumberKind::NotANumber) << text;
    }
}

TEST(NumberText, ScanningGivesWhatParsingGives) {
    std::mt19937_64 random(3);
    for (int i = 0; i < 20'000; ++i) {
        std::string text = std::to_string(random() >> (14 + random() % 50));
        if (random() % 4 != 0) {
            text += "." + fmt::format("{:0{}}", random() % 1000, 1 + random() % 12);
        }
        const std::string padded = text + ",\"x\"" + std::string(64, '\0');
        Decimal scanned;
        const char* end = scanMicroseconds(padded.data(), scanned);
        if (end != nullptr && end - padded.data() == static_cast<std::ptrdiff_t>(text.size())) {
            EXPECT_EQ(scanned, parsed(text)) << text;
        } else {
            EXPECT_GT(text.find('.') == std::string::npos ? text.size() : text.find('.'), 15u)
                << text;
        }
    }
}

TEST(NumberText, IntegersOfSixteenDigitsAreScanned) {
    const std::string text = "1234567890123456}" + std::string(64, '\0');
    std::int64_t value = 0;
    EXPECT_EQ(scanInteger(text.data(), value), text.data() + 16);
    EXPECT_EQ(value, 1234567890123456);
    EXPECT_EQ(scanInteger(text.data() + 16, value), nullptr);
}

} // namespace
} // namespace interleave::chrome_trace
