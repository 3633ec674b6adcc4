// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/column_shares.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

template <class Function>
void forEachColumn(double x0, double x1, std::size_t count, Function function) {
    x0 = std::max(x0, 0.0);
    x1 = std::min(x1, static_cast<double>(count));
    while (x0 < x1) {
        const auto column = static_cast<std::size_t>(x0);
        const double end = std::min(x1, static_cast<double>(column + 1));
        function(column, static_cast<float>(end - x0));
        x0 = end;
    }
}

} // namespace

void ColumnShares::reset(std::size_t columnCount) {
    m_covered.resize(columnCount);
    for (std::size_t i = 0; i < std::min(columnCount, m_isTouched.size()); ++i) {
        if (m_isTouched[i] != 0) {
            m_covered[i].fill(0);
        }
    }
    m_excluded.assign(columnCount, 0);
    m_isTouched.assign(columnCount, 0);
}

void ColumnShares::add(double x0, double x1, State state) {
    forEachColumn(x0, x1, size(), [&](std::size_t column, float part) {
        m_covered[column][static_cast<std::size_t>(state)] += part;
        m_isTouched[column] = 1;
    });
}

void ColumnShares::exclude(double x0, double x1) {
    // Only the ends of a wide bar share their column with anything.
    const double innerBegin = std::min(std::ceil(x0), x1);
    const double innerEnd = std::max(std::floor(x1), innerBegin);
    const auto exclude = [&](std::size_t column, float part) { m_excluded[column] += part; };
    forEachColumn(x0, innerBegin, size(), exclude);
    forEachColumn(innerEnd, x1, size(), exclude);
}

ColumnShares::States ColumnShares::sharesAt(std::size_t column) const {
    States shares = m_covered[column];
    float total = 0;
    for (const float share : shares) {
        total += share;
    }
    // Overlapping spans (a semaphore's holders) may cover more than the column has.
    const float room = std::max(1 - std::min(m_excluded[column], 1.0F), total);
    if (room > 0) {
        for (float& share : shares) {
            share /= room;
        }
    }
    return shares;
}

} // namespace interleave::ui
