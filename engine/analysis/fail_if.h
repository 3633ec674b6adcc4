// SPDX-License-Identifier: GPL-3.0-or-later
// The conditions of `--fail-if 'waiting_gil_share > 0.5 or tasks_failed > 0'`: comparisons of
// totals with numbers, joined by and, or, not and parentheses.
#pragma once

#include "engine/analysis/statistics.h"
#include "engine/base/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::analysis {

class FailCondition {
public:
    /// An error says where the text goes wrong and which names there are.
    static Result<FailCondition> parse(std::string_view text);

    FailCondition(FailCondition&&) noexcept;
    FailCondition& operator=(FailCondition&&) noexcept;
    ~FailCondition();

    /// Whether the run failed the condition. An error when it needs a total that isn't known.
    Result<bool> holds(const recording::Recording& recording, const Statistics& statistics) const;

    struct Node;

private:
    explicit FailCondition(std::unique_ptr<const Node> root);
    std::unique_ptr<const Node> m_root;
};

/// The names that a condition may use: makespan_s, cpu_s, parallelism_mean, <state>_share, ...
std::vector<std::string> failConditionNames();

/// The value of a name; none when it isn't known of this recording.
std::optional<double> totalNamed(std::string_view name, const recording::Recording& recording,
                                 const Statistics& statistics);

} // namespace interleave::analysis
