// SPDX-License-Identifier: GPL-3.0-or-later
// Where the reader has looked, for back and forward. Steps of one gesture (turning the wheel,
// holding a key) count as one place. Knows no clock: the caller says when.
#pragma once

#include "engine/base/time.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace interleave::ui {

class NavigationHistory {
public:
    /// Forgets everything and starts at a place.
    void reset(TimeRange place);
    /// The reader went to a place. Steps that follow each other quickly replace one another.
    void visit(TimeRange place, bool isStep, std::int64_t atMs);
    bool canGoBack() const { return m_current > 0; }
    bool canGoForward() const { return m_current + 1 < m_places.size(); }
    std::optional<TimeRange> back();
    std::optional<TimeRange> forward();

    /// The places on the way to the present one, outermost first and the present one last: each
    /// lies within the one before it and is clearly shorter.
    std::vector<TimeRange> trail() const;

private:
    std::vector<TimeRange> m_places;
    std::size_t m_current = 0;
    std::int64_t m_lastStepMs = 0;
    bool m_isInGesture = false;
};

} // namespace interleave::ui
