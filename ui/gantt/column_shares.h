// SPDX-License-Identifier: GPL-3.0-or-later
// ColumnShares: how much of each pixel column every state covers, for spans too narrow to be drawn
// one by one. "The first one wins" would be noise; shares are true at any zoom. Spans drawn exactly
// are taken out of the columns they touch, so that the rest of a column still adds up to one.
#pragma once

#include "engine/base/state.h"

#include <array>
#include <span>
#include <vector>

namespace interleave::ui {

class ColumnShares {
public:
    using States = std::array<float, static_cast<std::size_t>(kStateCount)>;

    /// Empty columns again; keeps its memory.
    void reset(std::size_t columnCount);
    /// A span from x0 to x1, in columns; parts outside are ignored.
    void add(double x0, double x1, State state);
    /// A part of the width that is drawn otherwise.
    void exclude(double x0, double x1);

    std::size_t size() const { return m_excluded.size(); }
    bool isTouched(std::size_t column) const { return m_isTouched[column] != 0; }
    /// How much of the column the state covers; more than 1 where spans of several rows were added.
    double coveredAt(std::size_t column, State state) const {
        return static_cast<double>(m_covered[column][static_cast<std::size_t>(state)]);
    }
    /// Shares of what is not excluded, each 0 .. 1, summing to at most 1; the rest is nothing.
    States sharesAt(std::size_t column) const;

private:
    std::vector<States> m_covered;
    std::vector<float> m_excluded;
    std::vector<unsigned char> m_isTouched;
};

} // namespace interleave::ui
