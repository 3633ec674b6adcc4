// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/packed_table.h"

#include <gtest/gtest.h>
#include <random>

namespace interleave::storage {
namespace {

struct Row {
    std::int64_t wide = 0;
    std::int64_t same = 0;
    std::string text;
};

std::vector<Row> randomRows(std::size_t count) {
    std::mt19937_64 random(count);
    std::vector<Row> rows(count);
    for (Row& row : rows) {
        row = {static_cast<std::int64_t>(random()), -7, std::string(random() % 5, 'x')};
    }
    return rows;
}

Block pack(const std::vector<Row>& rows) {
    TableWriter table(rows.size());
    table.addColumn([&](std::size_t i) { return rows[i].wide; });
    table.addColumn([&](std::size_t i) { return rows[i].same; });
    table.addColumn([&](std::size_t i) { return rows[i].text.size(); });
    for (const Row& row : rows) {
        table.addText(row.text);
    }
    return table.finish();
}

TEST(PackedTable, GivesBackItsRows) {
    for (const std::size_t count : {0u, 1u, 255u, 256u, 257u, 20'000u}) {
        const std::vector<Row> rows = randomRows(count);
        const Block bytes = pack(rows);
        const auto table = TableReader::open(bytes, 3);
        ASSERT_TRUE(table) << count;
        ASSERT_EQ(table->rows(), count);
        TextCutter texts(table->texts());
        std::size_t next = 0;
        table->forEachRow<3>([&](std::size_t row, const auto& values) {
            ASSERT_EQ(row, next++);
            std::string_view text;
            EXPECT_TRUE(texts.take(values[2], text));
            EXPECT_EQ(values[0], rows[row].wide);
            EXPECT_EQ(values[1], rows[row].same);
            EXPECT_EQ(text, rows[row].text);
        });
        EXPECT_EQ(next, count);
        EXPECT_TRUE(texts.isAtEnd());
        std::vector<int> seen(count);
        table->forEachRowInParallel<3>([&](std::size_t row, const auto& values) {
            seen[row] += values[0] == rows[row].wide ? 1 : 100;
        });
        EXPECT_EQ(std::ranges::count(seen, 1), static_cast<std::ptrdiff_t>(count));
    }
}

TEST(PackedTable, HasNoMoreRowsThanItsBytesCanHold) {
    const Block bytes = pack(randomRows(1000));
    EXPECT_FALSE(TableReader::open(bytes, 2)) << "another number of columns";
    EXPECT_FALSE(TableReader::open(std::span(bytes).first(40), 3));
    Block claims = bytes;
    claims[2] = std::byte{255}; // 16 million rows more
    EXPECT_FALSE(TableReader::open(claims, 3));
    claims[7] = std::byte{255};
    EXPECT_FALSE(TableReader::open(claims, 3));
}

TEST(PackedTable, EveryCutIsRefusedOrOnlyShortensTheTexts) {
    const Block bytes = pack(randomRows(600));
    const auto whole = TableReader::open(bytes, 3);
    ASSERT_TRUE(whole);
    for (std::size_t length = 0; length < bytes.size(); length += 8) {
        const auto cut = TableReader::open(std::span(bytes).first(length), 3);
        ASSERT_EQ(cut.has_value(), length >= bytes.size() - whole->texts().size()) << length;
    }
}

TEST(TextCutter, RefusesLengthsThatCannotBe) {
    TextCutter texts("abcdef");
    std::string_view text;
    EXPECT_TRUE(texts.take(4, text));
    EXPECT_EQ(text, "abcd");
    EXPECT_FALSE(texts.take(3, text));
    EXPECT_FALSE(texts.take(-1, text));
    EXPECT_FALSE(texts.isAtEnd());
    EXPECT_TRUE(texts.take(2, text));
    EXPECT_TRUE(texts.isAtEnd());
}

} // namespace
} // namespace interleave::storage
