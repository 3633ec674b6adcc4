// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

TEST(Document, KeepsTheOrderAndThePlacesOfTheFile) {
    const auto root =
        parseDocument("zeta = 1\n  alpha = \"\u00e4\"\n[[task]]\nlist = [ true, 2.5 ]\n");
    ASSERT_TRUE(root) << root.error().message;
    ASSERT_EQ(root->members.size(), 3u);
    EXPECT_EQ(root->members[0].key, "zeta");
    EXPECT_EQ(root->members[1].key, "alpha");
    EXPECT_EQ(root->members[1].position, (Position{2, 3}));
    EXPECT_EQ(root->members[1].value.position, (Position{2, 11}));
    EXPECT_EQ(root->members[1].value.text, "\u00e4");
    const Value& task = root->members[2].value.items.at(0);
    const Value& list = task.members.at(0).value;
    EXPECT_EQ(task.position.line, 3);
    EXPECT_TRUE(list.items.at(0).boolean);
    EXPECT_EQ(list.items.at(1).number, 2.5);
    EXPECT_EQ(list.items.at(1).position, (Position{4, 16}));
}

TEST(Document, RefusesKeysNestedByDotsWithoutEnd) {
    std::string deep = "a";
    for (int i = 0; i < 100'000; ++i) {
        deep += ".a";
    }
    const auto root = parseDocument("x = 1\n" + deep + " = 1\n");
    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().at.line, 2);
    EXPECT_THAT(root.error().message, testing::HasSubstr("too many dotted keys"));
    EXPECT_FALSE(parseDocument("[" + deep + "]\n"));
}

TEST(Document, AllowsDotsInTextsCommentsAndNumbers) {
    const std::string dots(5000, '.');
    std::string text = "a = \"" + dots + "\"\n# " + dots + "\nb = '" + dots + "'\nc = \"\"\"" +
                       dots + "\n\\\"" + dots + "\"\"\"\nd = '''" + dots + "'''\ne = [";
    for (int i = 0; i < 2000; ++i) {
        text += "0.5, ";
    }
    const auto root = parseDocument(text + "]\nf.g = 1\n");
    ASSERT_TRUE(root) << root.error().message;
    EXPECT_EQ(root->members.size(), 6u);
}

TEST(Document, RefusesValuesNestedWithoutEnd) {
    const auto root = parseDocument("a = " + std::string(100'000, '['));
    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().at.line, 1);
}

TEST(Document, RefusesABraceInAList) {
    const auto root = parseDocument("a = [ 1, }, ]\n");
    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().at, (Position{1, 10}));
    EXPECT_EQ(root.error().message,
              "this is not TOML, error while parsing value: could not determine value type");
}

TEST(Document, RefusesLettersOutsideOfTextsAtTheirPlace) {
    for (const char* letter : {"\u00e4", "\u00b5", "\u0416", "\u3042", "\U0001f373", "\u00a0"}) {
        const auto root = parseDocument("a = 1\nb = " + std::string(letter) + "\n");
        ASSERT_FALSE(root) << letter;
        EXPECT_EQ(root.error().at.line, 2) << letter;
    }
}

TEST(Text, IsUtf8WithoutNul) {
    EXPECT_TRUE(isText(""));
    EXPECT_TRUE(isText("caf\u00e9 \U0001f373\n"));
    EXPECT_FALSE(isText(std::string_view("a\0b", 3)));
    EXPECT_FALSE(isText("\xff\xfe"));
    EXPECT_FALSE(isText("\x80"));
    EXPECT_FALSE(isText("\xc0\xaf"));         // overlong
    EXPECT_FALSE(isText("\xe0\x80\x80"));     // overlong
    EXPECT_FALSE(isText("\xed\xa0\x80"));     // surrogate
    EXPECT_FALSE(isText("\xf4\x90\x80\x80")); // beyond Unicode
    EXPECT_FALSE(isText("\xe2\x82"));         // cut short
}

} // namespace
} // namespace interleave::scenario
