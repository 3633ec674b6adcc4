// SPDX-License-Identifier: GPL-3.0-or-later
// The text of `stats --json`: keys are stable, units in the names; what isn't known is absent.
#pragma once

#include "engine/analysis/statistics.h"

#include <string>

namespace interleave::analysis {

/// One JSON object, indented by two, with a newline at its end.
std::string statisticsJson(const recording::Recording& recording, const Statistics& statistics);

} // namespace interleave::analysis
