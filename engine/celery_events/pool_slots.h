// SPDX-License-Identifier: GPL-3.0-or-later
// PoolSlots: which place of its worker's pool a task takes. Celery's events don't name the child
// process that executes a task, so the places are those that the tasks' own times need: the lowest
// one that is free when a task begins. There are never more of them than tasks ran at once.
#pragma once

#include "engine/base/time.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace interleave::celery_events {

class PoolSlots {
public:
    explicit PoolSlots(std::size_t most = 10'000)
        : m_most(most) {}

    struct Place {
        std::size_t number = 0;
        Nanoseconds freeFromNs = 0; // nobody was there since
    };
    /// The lowest place that is free from `at` on; none if there are too many.
    std::optional<Place> take(Nanoseconds at) {
        for (std::size_t i = 0; i < m_freeFrom.size(); ++i) {
            if (m_freeFrom[i] <= at) {
                return Place{i, std::exchange(m_freeFrom[i], kTaken)};
            }
        }
        if (m_freeFrom.size() == m_most) {
            return std::nullopt;
        }
        m_freeFrom.push_back(kTaken);
        return Place{m_freeFrom.size() - 1, std::numeric_limits<Nanoseconds>::min()};
    }
    void release(std::size_t slot, Nanoseconds at) { m_freeFrom[slot] = at; }
    std::size_t count() const { return m_freeFrom.size(); }

private:
    static constexpr Nanoseconds kTaken = std::numeric_limits<Nanoseconds>::max();
    std::size_t m_most;
    std::vector<Nanoseconds> m_freeFrom; // kTaken: somebody is at work there
};

} // namespace interleave::celery_events
