// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/fail_if.h"

#include "engine/analysis/named_value.h"

namespace interleave::analysis {

Result<FailCondition> FailCondition::parse(std::string_view text) {
    auto expression = Expression::parse(text, Expression::Kind::Condition, checkTotalName);
    if (!expression) {
        return std::unexpected(expression.error());
    }
    return FailCondition(std::move(*expression));
}

Result<bool> FailCondition::holds(const recording::Recording& recording,
                                  const Statistics& statistics) const {
    return m_expression.holds(
        [&](std::string_view name) { return totalNamed(name, recording, statistics); });
}

} // namespace interleave::analysis
