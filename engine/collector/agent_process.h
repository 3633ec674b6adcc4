// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded process as its agent describes it: which of the session's tasks, objects and steps its
// own numbers mean.
#pragma once

#include "engine/record/segment_format.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace interleave::collector {

/// From numbers that count within a process to those of the session. The former may be anything;
/// those that count up from 1 are looked up in a vector.
class NumberMap {
public:
    /// 0: not named.
    std::uint32_t at(std::uint32_t own) const {
        if (own < m_dense.size()) {
            return m_dense[own];
        }
        if (m_sparse.empty()) {
            return 0;
        }
        const auto found = m_sparse.find(own);
        return found == m_sparse.end() ? 0 : found->second;
    }
    void set(std::uint32_t own, std::uint32_t number);

private:
    std::vector<std::uint32_t> m_dense;
    std::unordered_map<std::uint32_t, std::uint32_t> m_sparse;
};

/// What an object can do to a thread.
enum class ObjectRole : std::uint8_t {
    Gil,
    Lock,      // somebody holds it
    Condition, // is waited for, and held by nobody
    Queue,     // of the program or a broker, and what leads there
};
ObjectRole roleOfKind(std::string_view kind);

/// Messages that agents name in a run of a model: beyond those of its program.
inline constexpr std::uint32_t kFirstNamedMessage = 0x8000'0000u;

struct AgentProcess {
    std::uint32_t segment = 0; // index in the session
    std::uint32_t pid = 0;
    std::uint32_t parentPid = 0;  // 0: unknown
    std::uint32_t forkingTid = 0; // of the thread there that made it; 0: unknown
    std::string name;
    bool isModel = false;            // the numbers that it doesn't name are the manifest's
    bool isReporter = false;         // tells of threads elsewhere; no thread is a task
    std::uint32_t manifestTasks = 0; // of a model: up to where
    std::uint32_t manifestObjects = 0;
    std::uint32_t manifestSteps = 0;
    std::uint32_t manifestCounters = 0;
    NumberMap tasks, objects, steps, counters, messages;
    std::uint32_t gilCount = 0;

    std::uint32_t task(std::uint32_t own) const { return number(tasks, own, manifestTasks); }
    std::uint32_t object(std::uint32_t own) const { return number(objects, own, manifestObjects); }
    std::uint32_t step(std::uint32_t own) const { return number(steps, own, manifestSteps); }
    std::uint32_t counter(std::uint32_t own) const {
        return number(counters, own, manifestCounters);
    }
    /// Those of a model that it doesn't name are its program's; a reporter names none.
    std::uint32_t message(std::uint32_t own) const {
        return number(messages, own, isModel || isReporter ? kFirstNamedMessage - 1 : 0);
    }

private:
    static std::uint32_t number(const NumberMap& named, std::uint32_t own, std::uint32_t known) {
        const std::uint32_t number = named.at(own);
        return number == 0 && own <= known ? own : number;
    }
};

} // namespace interleave::collector
