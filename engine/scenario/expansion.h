// SPDX-License-Identifier: GPL-3.0-or-later
// Expansion: makes the program of a scenario; see program.h for what it owes.
#pragma once

#include "engine/scenario/draw.h"
#include "engine/scenario/message_routes.h"
#include "engine/scenario/program.h"

#include <map>
#include <memory>
#include <vector>

namespace interleave::scenario {

class Expansion {
public:
    Expansion(std::shared_ptr<const Scenario> scenario, std::uint64_t seed);

    Result<Program> run();

private:
    Result<void> checkNames() const;
    void addObjects();
    void addStepNames(const Steps& steps);
    TaskId addTask(std::size_t templateIndex, TaskId parent);
    std::vector<Nanoseconds> retryDelays(const TaskTemplate& source, TaskId task) const;
    void addSubmitted();
    void addAfter();
    void linkChains();
    void nameTasks();

    /// Everything that the actions of one task share while they are made.
    struct TaskInMaking {
        TaskId id;
        std::uint32_t tries = 1;
        std::vector<Action> actions;
        std::map<std::size_t, std::vector<TaskId>> spawned; // by template
    };
    void addActions(const Steps& steps, TaskInMaking& task);
    void addAction(const Step& step, TaskInMaking& task);
    void fillWork(const Step& step, TaskInMaking& task, Action& action) const;
    void fillObject(const Step& step, Action& action) const;
    void fillMessages(const PublishStep& publish, const TaskInMaking& task, Action& action);
    std::vector<bool> strikes(const Chance& chance, const TaskInMaking& task) const;
    std::uint64_t bits(const TaskInMaking& task, std::uint64_t tryIndex = 0) const {
        return drawBits(m_program.seed, task.id.value, task.actions.size() | tryIndex << 32);
    }

    ObjectId lockId(std::size_t i) const { return objectId(i); }
    ObjectId semaphoreId(std::size_t i) const { return objectId(m_scenario.locks.size() + i); }
    ObjectId barrierId(std::size_t i) const {
        return objectId(m_scenario.locks.size() + m_scenario.semaphores.size() + i);
    }
    ObjectId queueId(std::size_t i) const {
        return objectId(m_scenario.locks.size() + m_scenario.semaphores.size() +
                        m_scenario.barriers.size() + i);
    }
    static ObjectId objectId(std::size_t index) { return {static_cast<std::uint32_t>(index + 1)}; }

    const Scenario& m_scenario;
    MessageRoutes m_routes;
    Program m_program;
    std::map<const Step*, StepId> m_stepIds;
    std::uint32_t m_messages = 0;
};

} // namespace interleave::scenario
