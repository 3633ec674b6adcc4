// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks of a program and how they follow each other; their actions are in expansion_actions.
#include "engine/scenario/expansion.h"

#include "engine/scenario/checks.h"
#include "engine/scenario/program_cost.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

// An event has 16 bits for a step and 15 for an object; models add a few names of their own.
constexpr std::size_t kMostSteps = 0xffff - 64;
constexpr std::size_t kMostProgramObjects = 0x7000 - 16; // above are those that agents name
// Places of draws apart from every action.
constexpr std::uint64_t kArrivalPlace = std::uint64_t{1} << 63;
constexpr std::uint64_t kRetryPlace = std::uint64_t{1} << 62;

} // namespace

Expansion::Expansion(std::shared_ptr<const Scenario> scenario, std::uint64_t seed)
    : m_scenario(*scenario)
    , m_routes(m_scenario) {
    m_program.scenario = std::move(scenario);
    m_program.seed = seed;
}

Result<void> Expansion::checkNames() const {
    const std::string file = m_scenario.file.empty() ? m_scenario.id : m_scenario.file.string();
    if (m_stepIds.size() > kMostSteps) {
        return fail(fmt::format("{}:1:1: the file has {} steps, at most {} are allowed: use count "
                                "for equal tasks",
                                file, m_stepIds.size(), kMostSteps));
    }
    if (m_program.objects.size() > kMostProgramObjects) {
        return fail(fmt::format("{}:1:1: the file declares {} locks, semaphores, barriers, queues "
                                "and exchanges, at most {} are allowed",
                                file, m_program.objects.size(), kMostProgramObjects));
    }
    return {};
}

void Expansion::addObjects() {
    const auto add = [&](ObjectKind kind, const std::string& name, std::uint32_t capacity) {
        m_program.objects.push_back({objectId(m_program.objects.size()), kind, name, capacity});
    };
    for (const LockDeclaration& lock : m_scenario.locks) {
        add(ObjectKind::Lock, lock.name, 1);
    }
    for (const SemaphoreDeclaration& semaphore : m_scenario.semaphores) {
        add(ObjectKind::Semaphore, semaphore.name, semaphore.permits);
    }
    for (const BarrierDeclaration& barrier : m_scenario.barriers) {
        add(ObjectKind::Barrier, barrier.name, barrier.parties);
    }
    for (const QueueDeclaration& queue : m_scenario.queues) {
        add(ObjectKind::Queue, queue.name, queue.capacity);
    }
    for (const ExchangeDeclaration& exchange : m_scenario.exchanges) {
        add(ObjectKind::Exchange, exchange.name, 0);
    }
    for (const MessageQueueDeclaration& queue : m_scenario.messageQueues) {
        add(ObjectKind::MessageQueue, queue.name, queue.maxLength);
    }
}

void Expansion::addStepNames(const Steps& steps) {
    forEachStep(steps, [&](const Step& step) {
        m_program.stepNames.push_back(step.name);
        m_stepIds.emplace(&step, StepId{static_cast<std::uint32_t>(m_program.stepNames.size())});
    });
}

TaskId Expansion::addTask(std::size_t templateIndex, TaskId parent) {
    const TaskTemplate& source = m_scenario.tasks[templateIndex];
    const TaskId id{static_cast<std::uint32_t>(m_program.tasks.size() + 1)};
    Task task;
    task.id = id;
    task.group = source.name;
    task.templateIndex = templateIndex;
    task.parent = parent;
    task.payloadBytes = source.payloadBytes;
    task.resultBytes = source.resultBytes;
    task.retries = source.retries;
    task.retryDelayNs = source.retryDelayNs;
    task.retryDelays = retryDelays(source, id);
    if (source.handles) {
        task.handles = m_program.messageQueueId(*source.handles);
    }
    if (source.delivery.queue) {
        task.queue = m_program.messageQueueId(*source.delivery.queue);
    }
    m_program.tasks.push_back(std::move(task));
    // Children are appended behind it, so the task is looked up again afterwards.
    TaskInMaking making{id, source.retries + 1, {}, {}};
    addActions(source.steps, making);
    m_program.tasks[id.value - 1].actions = std::move(making.actions);
    return id;
}

std::vector<Nanoseconds> Expansion::retryDelays(const TaskTemplate& source, TaskId task) const {
    std::vector<Nanoseconds> delays;
    const DeliveryOptions& delivery = source.delivery;
    if (!delivery.backsOff && !delivery.hasJitter) {
        return delays;
    }
    Nanoseconds delay = source.retryDelayNs;
    for (std::uint32_t i = 0; i < source.retries; ++i) {
        const Nanoseconds longest =
            delivery.backsOff ? std::min(delay, delivery.longestBackOffNs) : delay;
        delays.push_back(delivery.hasJitter ? drawUpTo(longest, drawBits(m_program.seed, task.value,
                                                                         kRetryPlace | i))
                                            : longest);
        delay = delivery.backsOff ? longest * 2 : delay; // both far below the largest number
    }
    return delays;
}

void Expansion::addSubmitted() {
    for (std::size_t index = 0; index < m_scenario.tasks.size(); ++index) {
        const TaskTemplate& source = m_scenario.tasks[index];
        Nanoseconds arrival = 0;
        for (std::uint32_t i = 0; i < source.count; ++i) {
            const TaskId id = addTask(index, {});
            if (source.arrival == Arrival::Poisson) {
                arrival += drawExponential(source.everyNs,
                                           drawBits(m_program.seed, id.value, kArrivalPlace));
            } else if (source.arrival == Arrival::Regular) {
                arrival = source.everyNs * i;
            }
            m_program.tasks[id.value - 1].arrivalNs = arrival;
        }
    }
}

void Expansion::addAfter() {
    std::map<std::size_t, std::vector<TaskId>> members;
    for (const Task& task : m_program.tasks) {
        members[task.templateIndex].push_back(task.id);
    }
    for (Task& task : m_program.tasks) {
        const TaskTemplate& source = m_scenario.tasks[task.templateIndex];
        if (source.after && task.parent.isNone()) {
            task.after = members[*source.after];
        }
    }
}

void Expansion::linkChains() {
    std::map<std::size_t, std::vector<TaskId>> members;
    for (const Task& task : m_program.tasks) {
        members[task.templateIndex].push_back(task.id);
    }
    std::vector<std::size_t> linked(m_scenario.tasks.size());
    for (Task& task : m_program.tasks) {
        if (const auto then = m_scenario.tasks[task.templateIndex].then) {
            task.then = members[*then][linked[task.templateIndex]++];
            m_program.tasks[task.then.value - 1].isChained = true;
        }
    }
}

void Expansion::nameTasks() {
    std::vector<std::uint32_t> total(m_scenario.tasks.size());
    for (const Task& task : m_program.tasks) {
        ++total[task.templateIndex];
    }
    std::vector<std::uint32_t> number(m_scenario.tasks.size());
    for (Task& task : m_program.tasks) {
        const std::uint32_t index = ++number[task.templateIndex];
        task.name =
            total[task.templateIndex] == 1 ? task.group : fmt::format("{} {}", task.group, index);
    }
}

Result<Program> Expansion::run() {
    addObjects();
    for (const TaskTemplate& task : m_scenario.tasks) {
        addStepNames(task.steps);
    }
    if (const auto size = checkProgramSize(m_scenario, m_routes); !size) {
        return std::unexpected(size.error());
    }
    if (const auto names = checkNames(); !names) {
        return std::unexpected(names.error());
    }
    addSubmitted();
    addAfter();
    linkChains();
    nameTasks();
    return std::move(m_program);
}

} // namespace interleave::scenario
