// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of a run by name, as --fail-if, lessons and sweeps ask for them: makespan_s,
// waiting_gil_share, ready_longest_s, locks.GIL.wait_p50_s. Each is one that `stats --json` has, or
// can be reckoned from `spans --csv`.
#pragma once

#include "engine/analysis/statistics.h"
#include "engine/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::analysis {

/// Those that every run may have; not the ones of single locks and queues.
std::vector<std::string> totalNames();

/// An error says which names there are; it is the reason alone, without a place.
Result<void> checkTotalName(std::string_view name);

/// The value of a name; none when it isn't known of this recording.
std::optional<double> totalNamed(std::string_view name, const recording::Recording& recording,
                                 const Statistics& statistics);

} // namespace interleave::analysis
