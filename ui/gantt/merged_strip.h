// SPDX-License-Identifier: GPL-3.0-or-later
// What the merged pixel columns of one lane look like: for each column, how high every state
// reaches, in whole pixels from the bottom. A column is as high as the bars it stands for are on
// average, so that zooming out doesn't make waits look like work; within that height the states
// have their shares; waits that explain a picture get a pixel however short they were.
// Knows no Qt and no colours.
#pragma once

#include "ui/gantt/lane_columns.h"

#include <bitset>

namespace interleave::ui {

/// The order of states in a column from the bottom: work first, then waits, then rest.
std::span<const State> stackOrder();
/// Waits that explain a picture must not vanish for want of a pixel.
bool mattersWhenTiny(State state);

struct StripRule {
    std::array<double, kStates> heightRatios{};
    std::bitset<kStates> hidden;
    int heightPx = 0;   // of the lane
    int thinnestPx = 1; // what a state that matters gets; a column gets twice as much
};

/// Columns [first, end) next to each other that have something.
struct ColumnRun {
    std::uint32_t first = 0;
    std::uint32_t end = 0;
};

class MergedStrip {
public:
    /// Empty columns again; keeps its memory.
    void reset(std::size_t columns, std::span<const State> states, const StripRule& rule);
    /// The next column, from left to right.
    void add(const LaneColumn& column);

    std::size_t columnCount() const { return m_columns; }
    const StripRule& rule() const { return m_rule; }
    /// From the bottom to the top of a column.
    std::span<const State> states() const { return {m_states.data(), m_stateCount}; }
    /// How high each of states() reaches; one that isn't there as high as the one below it.
    std::span<const std::uint16_t> topsAt(std::size_t column) const {
        return {m_tops.data() + column * m_stateCount, m_stateCount};
    }
    std::span<const ColumnRun> runs() const { return m_runs; }

private:
    StripRule m_rule;
    std::size_t m_columns = 0;
    std::size_t m_stateCount = 0;
    std::array<State, kStates> m_states{};
    std::array<std::uint8_t, kStates> m_slots{}; // index: as states()
    std::array<double, kStates> m_ratios{};      // index: as states()
    std::array<bool, kStates> m_matters{};       // index: as states()
    std::vector<std::uint16_t> m_tops;
    std::vector<ColumnRun> m_runs;
};

} // namespace interleave::ui
