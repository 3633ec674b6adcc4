// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the steps of a task. Every name that a step uses is looked up in the declared ones.
#pragma once

#include "engine/scenario/document.h"
#include "engine/scenario/scenario.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace interleave::scenario {

/// Names in the order of their declaration, found by hash: a file may have a hundred thousand.
class NameList {
public:
    void add(const std::string& name) {
        m_indices.emplace(name, m_names.size()); // the first of two equal ones; that is a mistake
        m_names.push_back(name);
    }
    std::optional<std::size_t> find(const std::string& name) const {
        const auto known = m_indices.find(name);
        return known == m_indices.end() ? std::nullopt : std::optional(known->second);
    }
    const std::string& operator[](std::size_t index) const { return m_names[index]; }
    const std::vector<std::string>& all() const { return m_names; }

private:
    std::vector<std::string> m_names;
    std::unordered_map<std::string, std::size_t> m_indices;
};

/// What a step may name.
struct DeclaredNames {
    NameList locks;
    NameList semaphores;
    NameList barriers;
    NameList queues;
    NameList exchanges;
    NameList messageQueues;
    NameList tasks;
};

inline constexpr int kDeepestSteps = 64;
inline constexpr std::uint32_t kMostTasks = 1'000'000;

/// The steps as far as they can be read; mistakes go to `problems`.
Steps parseSteps(const std::vector<Value>& list, const DeclaredNames& names, Problems& problems);

/// The index of a declared name; reports one that is not declared. `kind`: "lock", "task", ...
std::optional<std::size_t> indexOfName(const Value& name, std::string_view kind,
                                       const NameList& declared, Problems& problems);

} // namespace interleave::scenario
