// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/fail_if.h"

#include "app/exit_code.h"
#include "engine/analysis/statistics.h"

#include <cstdio>
#include <fmt/format.h>

namespace interleave::app {

Result<FailIf> FailIf::parse(const std::string& text) {
    FailIf failIf;
    if (text.empty()) {
        return failIf;
    }
    auto condition = analysis::FailCondition::parse(text);
    if (!condition) {
        return std::unexpected(condition.error());
    }
    failIf.m_text = text;
    failIf.m_condition = std::move(*condition);
    return failIf;
}

int FailIf::exitCodeFor(
    std::span<const std::shared_ptr<const recording::Recording>> recordings) const {
    if (!m_condition) {
        return kDone;
    }
    int exitCode = kDone;
    for (const auto& recording : recordings) {
        const auto holds = m_condition->holds(*recording, analysis::statisticsOf(*recording));
        if (!holds) {
            return report(holds.error());
        }
        if (*holds) {
            fmt::print(stderr, "interleave: {}: {} holds.\n", recording->info.model, m_text);
            exitCode = kConditionMet;
        }
    }
    return exitCode;
}

} // namespace interleave::app
