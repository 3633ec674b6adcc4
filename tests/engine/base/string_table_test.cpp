// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/string_table.h"

#include <gtest/gtest.h>
#include <string>

namespace interleave {
namespace {

TEST(StringTable, GivesEqualTextsEqualIds) {
    StringTable table;
    const StringId dish = table.intern("dish");
    EXPECT_EQ(table.intern(std::string("di") + "sh"), dish);
    EXPECT_NE(table.intern("Dish"), dish);
    EXPECT_EQ(table.text(dish), "dish");
    EXPECT_EQ(table.size(), 3u);
}

TEST(StringTable, KeepsIdZeroForTheEmptyText) {
    StringTable table;
    EXPECT_TRUE(table.intern("").isNone());
    EXPECT_EQ(table.text(StringId{}), "");
    EXPECT_TRUE(table.find("unknown").isNone());
}

TEST(StringTable, ViewsStayValidWhileItGrows) {
    StringTable table;
    const std::string_view first = table.text(table.intern("first"));
    for (int i = 0; i < 10'000; ++i) {
        table.intern(std::to_string(i));
    }
    EXPECT_EQ(first, "first");
    EXPECT_EQ(table.text(table.find("9999")), "9999");
}

TEST(StringTable, ACopyIsIndependent) {
    StringTable table;
    const StringId id = table.intern("one");
    StringTable copy = table;
    table.intern("two");
    EXPECT_EQ(copy.text(id), "one");
    EXPECT_TRUE(copy.find("two").isNone());
}

} // namespace
} // namespace interleave
