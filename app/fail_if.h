// SPDX-License-Identifier: GPL-3.0-or-later
// FailIf: the --fail-if option of a command, which may be absent.
#pragma once

#include "engine/analysis/fail_if.h"
#include "engine/recording/recording.h"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace interleave::app {

class FailIf {
public:
    /// An empty text is no condition.
    static Result<FailIf> parse(const std::string& text);
    /// kConditionMet if it holds for any of the recordings (and says for which), kDone if for none,
    /// kBadInput if it can't be told.
    int exitCodeFor(std::span<const std::shared_ptr<const recording::Recording>> recordings) const;

private:
    std::string m_text;
    std::optional<analysis::FailCondition> m_condition;
};

} // namespace interleave::app
