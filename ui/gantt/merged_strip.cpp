// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/merged_strip.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr std::array<State, 18> kStackOrder{
    State::Held,      State::Running,  State::Starting,   State::Transfer,    State::Other,
    State::Failed,    State::Ready,    State::WaitingGil, State::WaitingLock, State::Blocked,
    State::WaitingIo, State::Retrying, State::Reserved,   State::Suspended,   State::Queued,
    State::Sleeping,  State::Done,     State::Cancelled}; // the last two are marks, not spans, in a
                                                          // sound recording

} // namespace

std::span<const State> stackOrder() {
    return kStackOrder;
}

bool mattersWhenTiny(State state) {
    return state == State::WaitingGil || state == State::WaitingLock || state == State::Failed;
}

void MergedStrip::reset(std::size_t columns, std::span<const State> states, const StripRule& rule) {
    m_rule = rule;
    m_columns = columns;
    m_stateCount = 0;
    for (const State state : kStackOrder) {
        const auto slot = std::ranges::find(states, state);
        const auto index = static_cast<std::size_t>(state);
        if (slot == states.end() || rule.hidden[index]) {
            continue;
        }
        m_states[m_stateCount] = state;
        m_slots[m_stateCount] = static_cast<std::uint8_t>(slot - states.begin());
        m_ratios[m_stateCount] = rule.heightRatios[index];
        m_matters[m_stateCount] = mattersWhenTiny(state);
        ++m_stateCount;
    }
    m_tops.assign(columns * m_stateCount, 0);
    m_runs.clear();
}

void MergedStrip::add(const LaneColumn& column) {
    std::array<double, kStates> times; // the first m_stateCount; a column is no place to clear it
    double total = 0;
    double weighted = 0;
    int tinyCount = 0;
    for (std::size_t i = 0; i < m_stateCount; ++i) {
        times[i] = static_cast<double>(column.times[m_slots[i]]);
        total += times[i];
        weighted += times[i] * m_ratios[i];
        tinyCount += m_matters[i] && times[i] > 0 ? 1 : 0;
    }
    if (total <= 0) {
        return;
    }
    const double mean = weighted / std::max(static_cast<double>(column.room), total);
    const int least = m_rule.thinnestPx * std::max(2, tinyCount + 1);
    const int height =
        std::min(m_rule.heightPx, std::max(least, static_cast<int>(mean * m_rule.heightPx + 0.5)));
    std::uint16_t* tops = m_tops.data() + column.column * m_stateCount;
    const double perTime = height / total;
    double covered = 0;
    int below = 0;
    for (std::size_t i = 0; i < m_stateCount; ++i) {
        if (times[i] > 0) {
            covered += times[i];
            int top = static_cast<int>(covered * perTime + 0.5);
            if (m_matters[i]) {
                --tinyCount;
                top = std::max(top, below + m_rule.thinnestPx);
            }
            top = std::min(top, height - tinyCount * m_rule.thinnestPx);
            below = std::max(below, top);
        }
        tops[i] = static_cast<std::uint16_t>(below);
    }
    const auto index = static_cast<std::uint32_t>(column.column);
    if (m_runs.empty() || m_runs.back().end != index) {
        m_runs.push_back({index, index + 1});
    } else {
        m_runs.back().end = index + 1;
    }
}

} // namespace interleave::ui
