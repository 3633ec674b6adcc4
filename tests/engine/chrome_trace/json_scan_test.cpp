// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/json_scan.h"

#include <gtest/gtest.h>
#include <string>

namespace interleave::chrome_trace {
namespace {

std::string padded(std::string text) {
    return text + std::string(kScanPadding, '\0');
}

TEST(DecodeString, UnderstandsEscapes) {
    EXPECT_EQ(decodeString(R"(a\"b\\c\/d\n\t)"), "a\"b\\c/d\n\t");
    EXPECT_EQ(decodeString(R"(\u0041\u00e9\u20ac)"), "Aé€");
    EXPECT_EQ(decodeString(R"(\ud83d\ude00)"), "😀");
}

TEST(DecodeString, LoneSurrogatesAndInvalidBytesBecomeReplacements) {
    EXPECT_EQ(decodeString(R"(a\ud83db)"), "a\ufffdb");
    EXPECT_EQ(decodeString(R"(\ude00\ud83d)"), "\ufffd\ufffd");
    EXPECT_EQ(decodeString(R"(\ud83d\u0041)"), "\ufffdA");
    EXPECT_EQ(decodeString("a\xff"
                           "b"),
              "a\ufffdb");
    EXPECT_EQ(decodeString("\xed\xa0\x80"), "\ufffd\ufffd\ufffd"); // a surrogate in UTF-8
    EXPECT_EQ(decodeString("\xc0\xaf"), "\ufffd\ufffd");           // overlong
    EXPECT_EQ(decodeString("ünïcödé 日本"), "ünïcödé 日本");
    EXPECT_EQ(decodeString(R"(\q\u12)"), "\ufffdq\ufffd12");
    EXPECT_EQ(decodeString("\\"), "\ufffd");
}

TEST(NestedEnd, StringsHideBraces) {
    const std::string text = padded(R"({"a":"}{\"]","b":[{"c":"\\"}]}rest)");
    EXPECT_EQ(nestedEnd(text.data(), text.data() + text.size() - kScanPadding),
              text.data() + text.size() - kScanPadding - 4);
}

TEST(NestedEnd, AMillionBracesNeedNoStack) {
    const std::string open = padded(std::string(1'000'000, '['));
    EXPECT_EQ(nestedEnd(open.data(), open.data() + 1'000'000), nullptr);
    const std::string both = padded(std::string(500'000, '[') + std::string(500'000, ']'));
    EXPECT_EQ(nestedEnd(both.data(), both.data() + 1'000'000), both.data() + 1'000'000);
}

TEST(NestedEnd, NothingBehindTheEndCounts) {
    const std::string text = padded(R"({"a":1}})");
    EXPECT_EQ(nestedEnd(text.data(), text.data() + 6), nullptr);
    EXPECT_EQ(stringEnd(text.data() + 2, text.data() + 3), nullptr);
}

TEST(ForEachField, TellsRawKeysAndValues) {
    const std::string text = padded(R"( {"a" : 1, "b":{"c":[1,2]},"d":"x\"y" } )");
    std::string seen;
    EXPECT_TRUE(forEachField(std::string_view(text).substr(1, text.size() - 1 - kScanPadding),
                             [&](std::string_view key, std::string_view value) {
                                 seen += std::string(key) + "=" + std::string(value) + ";";
                             }));
    EXPECT_EQ(seen, R"(a=1;b={"c":[1,2]};d="x\"y";)");
}

} // namespace
} // namespace interleave::chrome_trace
