// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/comparison.h"

#include <algorithm>

namespace interleave::analysis {

std::vector<RunGroup> runGroups(std::vector<ComparisonRow>& rows) {
    const auto isSame = [](const recording::RunInfo& a, const recording::RunInfo& b) {
        return a.scenario == b.scenario && a.model == b.model && a.workers == b.workers &&
               a.cores == b.cores && a.parameters == b.parameters;
    };
    std::vector<RunGroup> groups;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto group = std::ranges::find_if(groups, [&](const RunGroup& known) {
            return isSame(rows[known.rows.front()].info, rows[i].info);
        });
        if (group == groups.end()) {
            groups.emplace_back();
            group = groups.end() - 1;
        }
        group->rows.push_back(i);
        rows[i].group = static_cast<std::size_t>(group - groups.begin());
    }
    return groups;
}

} // namespace interleave::analysis
