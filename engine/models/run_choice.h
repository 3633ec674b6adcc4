// SPDX-License-Identifier: GPL-3.0-or-later
// RunChoice: what was chosen for a run besides its scenario, and the same with something changed:
// the cure of a finding, another model.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interleave::models {

struct RunChoice {
    std::string model;
    std::optional<int> workers;
    std::vector<std::pair<std::string, std::string>> settings; // --set
};

/// The keys "model" and "workers" are the options of that name, any other is one of --set.
using Changes = std::vector<std::pair<std::string, std::string>>;

/// The same with other values. Settings that the model does not know are left out: those of the
/// model before, and what a recording says besides (its broker).
RunChoice changed(RunChoice choice, const Changes& changes);

/// What differs, in words: "model gil-threads → processes, workers 4 → 8". What was not set is its
/// default. Empty: nothing.
std::string changesText(const RunChoice& before, const RunChoice& after);

} // namespace interleave::models
