// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/quantity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

using testing::HasSubstr;

Nanoseconds nominal(const char* text) {
    const auto duration = parseDuration(text);
    EXPECT_TRUE(duration) << text << ": " << duration.error();
    return duration ? duration->nominalNs : -1;
}

TEST(Duration, IsReadInEveryUnit) {
    EXPECT_EQ(nominal("10 ns"), 10);
    EXPECT_EQ(nominal("250 us"), 250'000);
    EXPECT_EQ(nominal("250 \u00b5s"), 250'000);
    EXPECT_EQ(nominal("250 \u03bcs"), 250'000);
    EXPECT_EQ(nominal("20 ms"), 20'000'000);
    EXPECT_EQ(nominal("1.5 s"), 1'500'000'000);
    EXPECT_EQ(nominal("  20ms "), 20'000'000);
    EXPECT_EQ(nominal("0 ms"), 0);
    EXPECT_EQ(nominal("86400 s"), kLongestDuration);
}

TEST(Duration, MayVary) {
    for (const char* text : {"20 ms \u00b1 50 %", "20 ms +- 50%", "20ms+/-50 %"}) {
        const auto duration = parseDuration(text);
        ASSERT_TRUE(duration) << text;
        EXPECT_EQ(duration->nominalNs, 20'000'000) << text;
        EXPECT_DOUBLE_EQ(duration->spread, 0.5) << text;
    }
}

TEST(Duration, SaysWhatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {"-20 ms", "is negative"},
        {"\u221220 ms", "is negative"},
        {"20", "has no unit"},
        {"ms", "does not begin with a number"},
        {"", "does not begin with a number"},
        {"nan ms", "does not begin with a number"},
        {"inf s", "does not begin with a number"},
        {"1e400 s", "is not a unit"},
        {"20 min", "\"min\" is not a unit"},
        {"20 MS", "\"MS\" is not a unit"},
        {"1 2 ms", "\"2 ms\" is not a unit"},
        {"86401 s", "too long"},
        {"99999999999999999999999999 s", "too long"},
        {"20 ms \u00b1 101 %", "no valid spread"},
        {"20 ms \u00b1 -5 %", "no valid spread"},
        {"20 ms \u00b1 50", "no valid spread"},
        {"20 ms \u00b1 nan %", "no valid spread"},
    };
    for (const auto& [text, reason] : cases) {
        const auto duration = parseDuration(text);
        ASSERT_FALSE(duration) << text;
        EXPECT_THAT(duration.error(), HasSubstr(reason)) << text;
    }
}

TEST(Size, IsReadInDecimalAndBinaryUnits) {
    const std::pair<const char*, std::uint64_t> cases[] = {{"0 B", 0},
                                                           {"1 B", 1},
                                                           {"64 kB", 64'000},
                                                           {"64 MB", 64'000'000},
                                                           {"1 GB", 1'000'000'000},
                                                           {"1 KiB", 1024},
                                                           {"1 MiB", 1'048'576},
                                                           {"1.5 KiB", 1536},
                                                           {"1 GiB", kLargestSize}};
    for (const auto& [text, bytes] : cases) {
        EXPECT_EQ(parseSize(text), bytes) << text;
    }
}

TEST(Size, SaysWhatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {"-1 B", "is negative"},   {"64", "has no unit"}, {"64 ms", "\"ms\" is not a unit"},
        {"2 GiB", "is too large"}, {"", "number"},        {"NaN B", "number"}};
    for (const auto& [text, reason] : cases) {
        const auto bytes = parseSize(text);
        ASSERT_FALSE(bytes) << text;
        EXPECT_THAT(bytes.error(), HasSubstr(reason)) << text;
    }
}

TEST(Duration, TextIsReadBackAsTheSame) {
    EXPECT_EQ(textOf({20'000'000, 0}), "20 ms");
    EXPECT_EQ(textOf({1'500'000'000, 0}), "1.5 s");
    EXPECT_EQ(textOf({250'000, 0}), "250 \u00b5s");
    EXPECT_EQ(textOf({0, 0}), "0 ns");
    EXPECT_EQ(textOf({20'000'000, 0.5}), "20 ms \u00b1 50 %");
    for (const Nanoseconds ns :
         {1LL, 999LL, 1234LL, 999'999LL, 123'456'789LL, 86'399'999'999'999LL}) {
        EXPECT_EQ(nominal(textOf({ns, 0}).c_str()), ns);
    }
}

} // namespace
} // namespace interleave::scenario
