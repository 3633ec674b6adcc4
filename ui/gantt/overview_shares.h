// SPDX-License-Identifier: GPL-3.0-or-later
// OverviewShares: how much of each pixel column of the whole run every state takes, over all tracks
// of a kind; of nested spans the outermost count. Some ten microseconds a track, so a few tracks
// are summed at once and thousands on a thread of their own, with what is known so far in between.
#pragma once

#include "engine/recording/recording.h"
#include "ui/gantt/lane_columns.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace interleave::ui {

struct OverviewShares {
    /// How many tracks were in the state on average; index: column.
    std::vector<std::array<float, kStates>> columns;
};

struct OverviewQuestion {
    std::shared_ptr<const recording::Recording> recording;
    recording::TrackKind kind = recording::TrackKind::Task;
    TimeRange range{};
    std::size_t columns = 1;
};

/// On all cores. Calls `partly` now and then with what is summed so far; ends early on a stop.
OverviewShares overviewShares(const OverviewQuestion& question, std::stop_token stop = {},
                              const std::function<void(const OverviewShares&)>& partly = {});

} // namespace interleave::ui
