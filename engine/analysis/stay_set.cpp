// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/stay_set.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace interleave::analysis {

StaySet::StaySet(std::vector<Stay> stays)
    : m_stays(std::move(stays)) {
    std::ranges::stable_sort(m_stays, {}, [](const Stay& stay) { return stay.range.beginNs; });
    m_ends.reserve(m_stays.size());
    for (const Stay& stay : m_stays) {
        m_ends.push_back(stay.range.endNs);
    }
    m_leaves = std::bit_ceil(std::max<std::size_t>(1, m_stays.size()));
    m_latestEnd.assign(2 * m_leaves, std::numeric_limits<Nanoseconds>::min());
    std::ranges::copy(m_ends, m_latestEnd.begin() + static_cast<std::ptrdiff_t>(m_leaves));
    for (std::size_t node = m_leaves - 1; node > 0; --node) {
        m_latestEnd[node] = std::max(m_latestEnd[2 * node], m_latestEnd[2 * node + 1]);
    }
    std::ranges::sort(m_ends);
    std::size_t gone = 0;
    for (std::size_t i = 0; i < m_stays.size(); ++i) {
        while (m_ends[gone] <= m_stays[i].range.beginNs && gone < i) {
            ++gone;
        }
        m_maximum = std::max(m_maximum, i + 1 - gone);
    }
}

std::size_t StaySet::countAt(Nanoseconds when) const {
    const auto come = std::ranges::upper_bound(m_stays, when, {},
                                               [](const Stay& stay) { return stay.range.beginNs; });
    const auto gone = std::ranges::upper_bound(m_ends, when);
    return static_cast<std::size_t>((come - m_stays.begin()) - (gone - m_ends.begin()));
}

std::vector<Stay> StaySet::at(Nanoseconds when, std::size_t most) const {
    std::vector<Stay> found;
    if (!m_stays.empty() && most > 0) {
        collect(when, 1, 0, m_leaves, most, found);
    }
    return found;
}

void StaySet::collect(Nanoseconds when, std::size_t node, std::size_t first, std::size_t count,
                      std::size_t most, std::vector<Stay>& found) const {
    if (found.size() >= most || first >= m_stays.size() || m_latestEnd[node] <= when ||
        m_stays[first].range.beginNs > when) {
        return;
    }
    if (count == 1) {
        found.push_back(m_stays[first]);
        return;
    }
    collect(when, 2 * node, first, count / 2, most, found);
    collect(when, 2 * node + 1, first + count / 2, count / 2, most, found);
}

} // namespace interleave::analysis
