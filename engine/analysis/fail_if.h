// SPDX-License-Identifier: GPL-3.0-or-later
// The conditions of `--fail-if 'waiting_gil_share > 0.5 or tasks_failed > 0'`: expressions over the
// totals of one run.
#pragma once

#include "engine/analysis/expression.h"
#include "engine/analysis/statistics.h"
#include "engine/base/result.h"

#include <string_view>

namespace interleave::analysis {

class FailCondition {
public:
    /// An error says where the text goes wrong and which names there are.
    static Result<FailCondition> parse(std::string_view text);

    /// Whether the run failed the condition. An error when it needs a total that isn't known.
    Result<bool> holds(const recording::Recording& recording, const Statistics& statistics) const;

private:
    explicit FailCondition(Expression expression)
        : m_expression(std::move(expression)) {}
    Expression m_expression;
};

} // namespace interleave::analysis
