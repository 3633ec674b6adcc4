// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/cycle_search.h"

#include <fmt/format.h>

namespace interleave::scenario {

std::string wayRound(const Scenario& scenario, const std::vector<std::size_t>& cycle,
                     std::string_view arrow) {
    std::string text;
    const std::size_t shown = std::min<std::size_t>(cycle.size(), 8);
    for (std::size_t i = 0; i < shown; ++i) {
        text += fmt::format("{} {} ", inQuotes(scenario.tasks[cycle[i]].name), arrow);
    }
    return text + (shown < cycle.size() ? "... " : "") + inQuotes(scenario.tasks[cycle[0]].name);
}

} // namespace interleave::scenario
