// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/program_cost.h"

#include "engine/scenario/checks.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

constexpr std::uint64_t kCap = kMostActions + 1;

std::uint64_t cappedProduct(std::uint64_t a, std::uint64_t b) {
    return a == 0 || b <= kCap / a ? a * b : kCap;
}

} // namespace

void ProgramCost::add(const ProgramCost& other, std::uint64_t times) {
    tasks = std::min(tasks + cappedProduct(other.tasks, times), kCap);
    messages = std::min(messages + cappedProduct(other.messages, times), kCap);
    actions = std::min(actions + cappedProduct(other.actions, times), kCap);
}

CostTable::CostTable(const Scenario& scenario, MessageRoutes& routes)
    : m_scenario(scenario)
    , m_routes(routes)
    , m_known(scenario.tasks.size()) {}

ProgramCost CostTable::of(std::size_t index) {
    if (m_known[index].tasks != 0) {
        return m_known[index];
    }
    const TaskTemplate& task = m_scenario.tasks[index];
    ProgramCost cost{1, 0, 0};
    if (task.delivery.backsOff || task.delivery.hasJitter) {
        cost.actions += task.retries;
    }
    forEachStep(task.steps, [&](const Step& step) {
        cost.add({0, 0, 1}, std::holds_alternative<LockStep>(step.what) ? 2 : 1);
        if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
            cost.add(of(spawn->task), spawn->count);
        } else if (const auto* publish = std::get_if<PublishStep>(&step.what)) {
            addMessages(*publish, cost);
        }
    });
    return m_known[index] = cost;
}

void CostTable::addMessages(const PublishStep& publish, ProgramCost& cost) {
    const std::size_t keys = publish.keys.size();
    for (std::size_t key = 0; key < std::min<std::size_t>(keys, publish.count); ++key) {
        const std::uint64_t messages = (publish.count - key + keys - 1) / keys;
        cost.add({0, 1, 1}, messages);
        for (const std::size_t queue : m_routes.of(publish, key).queues) {
            cost.add({0, 0, 1}, messages);
            if (const auto handler = m_routes.handlerOf(queue)) {
                cost.add(of(*handler), messages);
            }
        }
    }
}

Result<void> checkProgramSize(const Scenario& scenario, MessageRoutes& routes) {
    const std::string file = scenario.file.empty() ? scenario.id : scenario.file.string();
    ProgramCost total;
    CostTable costs(scenario, routes);
    for (std::size_t i = 0; i < scenario.tasks.size(); ++i) {
        const TaskTemplate& task = scenario.tasks[i];
        total.add(costs.of(i), task.count);
        const auto tooMany = [&](std::uint64_t most, const char* what) {
            return fail(fmt::format("{}:{}:1: with {} the scenario has more than {} {}, which is "
                                    "the most allowed: lower count",
                                    file, task.line, inQuotes(task.name), most, what));
        };
        if (total.tasks > kMostProgramTasks) {
            return tooMany(kMostProgramTasks, "tasks");
        }
        if (total.messages > kMostMessages) {
            return tooMany(kMostMessages, "messages");
        }
        if (total.actions > kMostActions) {
            return tooMany(kMostActions, "steps to do");
        }
    }
    return {};
}

} // namespace interleave::scenario
