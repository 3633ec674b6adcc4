// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/column_shares.h"

#include <gtest/gtest.h>
#include <numeric>
#include <random>

namespace interleave::ui {
namespace {

float sum(const ColumnShares::States& shares) {
    return std::accumulate(shares.begin(), shares.end(), 0.0F);
}

float of(const ColumnShares::States& shares, State state) {
    return shares[static_cast<std::size_t>(state)];
}

TEST(ColumnShares, SplitASpanOverTheColumnsItTouches) {
    ColumnShares columns;
    columns.reset(4);
    columns.add(0.5, 2.25, State::Running);
    EXPECT_FLOAT_EQ(of(columns.sharesAt(0), State::Running), 0.5F);
    EXPECT_FLOAT_EQ(of(columns.sharesAt(1), State::Running), 1);
    EXPECT_FLOAT_EQ(of(columns.sharesAt(2), State::Running), 0.25F);
    EXPECT_FALSE(columns.isTouched(3));
}

TEST(ColumnShares, AddUpToOneWhereSpansFillTheColumn) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> width(0.01, 0.9);
    ColumnShares columns;
    columns.reset(100);
    double x = 0;
    while (x < 100) {
        const double next = x + width(random);
        columns.add(x, next, static_cast<State>(random() % 8));
        x = next;
    }
    for (std::size_t column = 0; column < columns.size(); ++column) {
        EXPECT_NEAR(sum(columns.sharesAt(column)), 1, 1e-4) << column;
    }
}

TEST(ColumnShares, AddUpToOneBesideAnExactBar) {
    ColumnShares columns;
    columns.reset(10);
    columns.exclude(2.4, 7.7);
    columns.add(1.9, 2.4, State::WaitingGil);
    columns.add(7.7, 8, State::Running);
    EXPECT_NEAR(sum(columns.sharesAt(1)), 0.1, 1e-5);
    EXPECT_NEAR(sum(columns.sharesAt(2)), 1, 1e-5);
    EXPECT_NEAR(sum(columns.sharesAt(7)), 1, 1e-5);
}

TEST(ColumnShares, NeverExceedOneWhereSpansOverlap) {
    ColumnShares columns;
    columns.reset(1);
    columns.add(0, 1, State::Held);
    columns.add(0, 1, State::Held);
    EXPECT_NEAR(sum(columns.sharesAt(0)), 1, 1e-5);
}

TEST(ColumnShares, IgnoreWhatLiesOutside) {
    ColumnShares columns;
    columns.reset(3);
    columns.add(-5, 0.5, State::Running);
    columns.add(2.5, 99, State::Ready);
    columns.add(7, 8, State::Ready);
    EXPECT_FLOAT_EQ(of(columns.sharesAt(0), State::Running), 0.5F);
    EXPECT_FLOAT_EQ(of(columns.sharesAt(2), State::Ready), 0.5F);
}

TEST(ColumnShares, AreEmptyAfterAReset) {
    ColumnShares columns;
    columns.reset(5);
    columns.add(0, 5, State::Running);
    columns.reset(3);
    columns.reset(5);
    for (std::size_t column = 0; column < 5; ++column) {
        EXPECT_EQ(sum(columns.sharesAt(column)), 0);
        EXPECT_FALSE(columns.isTouched(column));
    }
}

} // namespace
} // namespace interleave::ui
