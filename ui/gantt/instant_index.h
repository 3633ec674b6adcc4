// SPDX-License-Identifier: GPL-3.0-or-later
// InstantIndex: the marks of a recording by track, so that a row finds those in sight, and at most
// one a few pixels, without looking at the others. Made once for a recording.
#pragma once

#include "engine/recording/recording.h"

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

namespace interleave::ui {

class InstantIndex {
public:
    void use(const std::shared_ptr<const recording::Recording>& recording);

    /// Marks of a track, or with none of those that belong to no track, in order of time.
    std::span<const std::uint32_t> of(TrackId track) const;
    /// Calls function(mark) for those in the range, of several closer than `leastNs` the first.
    template <class Function>
    void forEachIn(TrackId track, TimeRange range, Nanoseconds leastNs, Function&& function) const {
        std::span<const std::uint32_t> rest = of(track);
        const auto timeOf = [this](std::uint32_t mark) { return (*m_marks)[mark].timeNs; };
        Nanoseconds from = range.beginNs;
        while (true) {
            const auto next = std::ranges::lower_bound(rest, from, {}, timeOf);
            if (next == rest.end() || timeOf(*next) >= range.endNs) {
                return;
            }
            function(*next);
            from = timeOf(*next) + std::max<Nanoseconds>(1, leastNs);
            rest = rest.subspan(static_cast<std::size_t>(next - rest.begin()) + 1);
        }
    }

private:
    std::weak_ptr<const recording::Recording> m_recording;
    const std::vector<recording::Mark>* m_marks = nullptr;
    std::vector<std::uint32_t> m_order;
    std::vector<std::uint32_t> m_first; // index: TrackId.value; one more at the end
};

} // namespace interleave::ui
