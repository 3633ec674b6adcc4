// SPDX-License-Identifier: GPL-3.0-or-later
// How large a scenario becomes when it is expanded; known before, so that one that is too large
// costs nothing.
#pragma once

#include "engine/scenario/message_routes.h"

#include <cstdint>
#include <vector>

namespace interleave::scenario {

inline constexpr std::uint64_t kMostProgramTasks = 1'000'000;
inline constexpr std::uint64_t kMostMessages = 1'000'000;
inline constexpr std::uint64_t kMostActions = 10'000'000;

/// What a task leads to, itself and all that it spawns or that handle its messages; capped.
struct ProgramCost {
    std::uint64_t tasks = 0;
    std::uint64_t messages = 0;
    std::uint64_t actions = 0; // and copies of messages, and delays that are drawn

    void add(const ProgramCost& other, std::uint64_t times);
};

class CostTable {
public:
    CostTable(const Scenario& scenario, MessageRoutes& routes);

    /// Of one task of a template. Ends because tasks never spawn themselves, and messages never
    /// come back to who publishes them.
    ProgramCost of(std::size_t index);

private:
    void addMessages(const PublishStep& publish, ProgramCost& cost);

    const Scenario& m_scenario;
    MessageRoutes& m_routes;
    std::vector<ProgramCost> m_known;
};

/// An error that names the task with which it becomes too large.
Result<void> checkProgramSize(const Scenario& scenario, MessageRoutes& routes);

} // namespace interleave::scenario
