// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/merged_strip.h"

#include <gtest/gtest.h>
#include <numeric>
#include <random>

namespace interleave::ui {
namespace {

constexpr int kHeight = 20;

StripRule ruleOf(int heightPx = kHeight) {
    StripRule rule;
    rule.heightRatios.fill(1);
    rule.heightRatios[static_cast<std::size_t>(State::WaitingGil)] = 0.6;
    rule.heightPx = heightPx;
    return rule;
}

/// Heights of a column of so much time in each state, by state.
std::array<int, kStates> heightsOf(const StripRule& rule, std::vector<std::pair<State, Ticks>> what,
                                   Ticks room) {
    std::vector<State> states;
    std::vector<Ticks> times;
    for (const auto& [state, time] : what) {
        states.push_back(state);
        times.push_back(time);
    }
    MergedStrip strip;
    strip.reset(1, states, rule);
    strip.add({0, times, room});
    std::array<int, kStates> heights{};
    int below = 0;
    for (std::size_t i = 0; i < strip.states().size(); ++i) {
        const int top = strip.topsAt(0)[i];
        EXPECT_GE(top, below) << "states stand on each other";
        heights[static_cast<std::size_t>(strip.states()[i])] = top - below;
        below = top;
    }
    EXPECT_LE(below, rule.heightPx);
    return heights;
}

int of(const std::array<int, kStates>& heights, State state) {
    return heights[static_cast<std::size_t>(state)];
}

TEST(MergedStrip, StatesHaveTheirShares) {
    const auto heights = heightsOf(ruleOf(), {{State::Running, 75}, {State::Transfer, 25}}, 100);
    EXPECT_EQ(of(heights, State::Running), 15);
    EXPECT_EQ(of(heights, State::Transfer), 5);
}

TEST(MergedStrip, ColumnsAreAsHighAsTheirBarsOnAverage) {
    const auto heights = heightsOf(ruleOf(), {{State::Running, 50}, {State::WaitingGil, 50}}, 100);
    EXPECT_EQ(of(heights, State::Running) + of(heights, State::WaitingGil), 16);
    const auto half = heightsOf(ruleOf(), {{State::Running, 50}}, 100);
    EXPECT_EQ(of(half, State::Running), 10) << "the rest of the time nothing was there";
    const auto beside = heightsOf(ruleOf(), {{State::Running, 50}}, 50);
    EXPECT_EQ(of(beside, State::Running), 20) << "the rest of the column is a bar's";
}

TEST(MergedStrip, AShortWaitStaysVisible) {
    for (const Ticks total : {Ticks{1'000'000}, Ticks{1'000'000'000'000}}) {
        const auto heights = heightsOf(
            ruleOf(),
            {{State::Running, total - 3}, {State::WaitingGil, 1}, {State::WaitingLock, 2}}, total);
        EXPECT_EQ(of(heights, State::WaitingGil), 1);
        EXPECT_EQ(of(heights, State::WaitingLock), 1);
        EXPECT_EQ(of(heights, State::Running), kHeight - 2);
    }
    const auto alone = heightsOf(ruleOf(), {{State::WaitingLock, 1}}, 1'000'000'000);
    EXPECT_EQ(of(alone, State::WaitingLock), 2);
}

TEST(MergedStrip, LeavesHiddenStatesOut) {
    StripRule rule = ruleOf();
    rule.hidden.set(static_cast<std::size_t>(State::Running));
    const auto heights = heightsOf(rule, {{State::Running, 90}, {State::Transfer, 10}}, 100);
    EXPECT_EQ(of(heights, State::Running), 0);
    EXPECT_EQ(of(heights, State::Transfer), 2);
}

TEST(MergedStrip, NeverExceedsItsHeight) {
    std::mt19937 random(3);
    for (int i = 0; i < 2000; ++i) {
        std::vector<std::pair<State, Ticks>> what;
        Ticks total = 0;
        for (int state = 0; state < kStateCount; ++state) {
            const auto time = static_cast<Ticks>(random() % 3 == 0 ? random() % 1000 : 0);
            what.emplace_back(static_cast<State>(state), time);
            total += time;
        }
        heightsOf(ruleOf(static_cast<int>(2 + random() % 30)), what,
                  total / static_cast<Ticks>(1 + random() % 3)); // checks it
    }
}

TEST(MergedStrip, RunsAreColumnsSideBySide) {
    MergedStrip strip;
    const std::array states{State::Running};
    const std::array<Ticks, 1> one{1};
    for (int round = 0; round < 2; ++round) { // it keeps its memory, not what was in it
        strip.reset(10, states, ruleOf());
        for (const std::size_t column : {1U, 2U, 3U, 7U}) {
            strip.add({column, one, 1});
        }
        ASSERT_EQ(strip.runs().size(), 2u);
        EXPECT_EQ(strip.runs()[0].first, 1u);
        EXPECT_EQ(strip.runs()[0].end, 4u);
        EXPECT_EQ(strip.runs()[1].first, 7u);
        EXPECT_EQ(strip.runs()[1].end, 8u);
        EXPECT_EQ(strip.topsAt(4)[0], 0);
    }
}

} // namespace
} // namespace interleave::ui
