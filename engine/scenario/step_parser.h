// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the steps of a task. Every name that a step uses is looked up in the declared ones.
#pragma once

#include "engine/scenario/document.h"
#include "engine/scenario/scenario.h"

#include <string>
#include <vector>

namespace interleave::scenario {

/// Names that the file declares, in the order of their indices.
struct DeclaredNames {
    std::vector<std::string> locks;
    std::vector<std::string> semaphores;
    std::vector<std::string> barriers;
    std::vector<std::string> queues;
    std::vector<std::string> tasks;
};

inline constexpr int kDeepestSteps = 64;
inline constexpr std::uint32_t kMostTasks = 1'000'000;

/// The steps as far as they can be read; mistakes go to `problems`.
Steps parseSteps(const std::vector<Value>& list, const DeclaredNames& names, Problems& problems);

/// The index of a declared name; reports one that is not declared. `kind`: "lock", "task", ...
std::optional<std::size_t> indexOfName(const Value& name, std::string_view kind,
                                       const std::vector<std::string>& declared,
                                       Problems& problems);

} // namespace interleave::scenario
