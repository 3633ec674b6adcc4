// SPDX-License-Identifier: GPL-3.0-or-later
// What is worth knowing about a recording: all rules, worst first.
#pragma once

#include "engine/findings/finding.h"

#include <stop_token>
#include <string>
#include <vector>

namespace interleave::findings {

/// Stopped, it leaves out the rules that come later.
std::vector<Finding> findingsOf(const recording::Recording& recording, std::stop_token stop = {});

/// For the terminal: a numbered line each, and below it why and what helps.
std::string findingsText(const std::vector<Finding>& findings);
/// An array, with the keys of design.md.
std::string findingsJson(const recording::Recording& recording,
                         const std::vector<Finding>& findings);

} // namespace interleave::findings
