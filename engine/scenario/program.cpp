// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/program.h"

#include "engine/base/check.h"
#include "engine/scenario/checks.h"
#include "engine/scenario/draw.h"
#include "engine/scenario/problems.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace interleave::scenario {

namespace {

constexpr std::uint64_t kMostProgramTasks = 1'000'000;
constexpr std::uint64_t kMostActions = 10'000'000;
// An event has 16 bits for a step and 15 for an object; models add a few names of their own.
constexpr std::size_t kMostSteps = 0xffff - 64;
constexpr std::size_t kMostProgramObjects = 0x7000 - 16;        // above are those that agents name
constexpr std::uint64_t kArrivalPlace = std::uint64_t{1} << 63; // apart from every action

/// How many tasks and actions a template leads to, itself and all that it spawns; capped.
struct Cost {
    std::uint64_t tasks = 0;
    std::uint64_t actions = 0;

    void add(const Cost& other, std::uint64_t times) {
        tasks = std::min(tasks + capped(other.tasks, times), kMostActions + 1);
        actions = std::min(actions + capped(other.actions, times), kMostActions + 1);
    }
    static std::uint64_t capped(std::uint64_t a, std::uint64_t b) {
        return a == 0 || b <= (kMostActions + 1) / a ? a * b : kMostActions + 1;
    }
};

class CostTable {
public:
    explicit CostTable(const Scenario& scenario)
        : m_scenario(scenario)
        , m_known(scenario.tasks.size()) {}

    /// Ends because templates never spawn themselves.
    Cost of(std::size_t index) {
        if (m_known[index].tasks == 0) {
            Cost cost{1, 0};
            forEachStep(m_scenario.tasks[index].steps, [&](const Step& step) {
                cost.actions += std::holds_alternative<LockStep>(step.what) ? 2u : 1u;
                if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
                    cost.add(of(spawn->task), spawn->count);
                }
            });
            m_known[index] = cost;
        }
        return m_known[index];
    }

private:
    const Scenario& m_scenario;
    std::vector<Cost> m_known;
};

class Expansion {
public:
    Expansion(std::shared_ptr<const Scenario> scenario, std::uint64_t seed)
        : m_scenario(*scenario) {
        m_program.scenario = std::move(scenario);
        m_program.seed = seed;
    }

    Result<Program> run();

private:
    Result<void> checkSize() const;
    void addObjects();
    void addStepNames(const Steps& steps);
    TaskId addTask(std::size_t templateIndex, TaskId parent);
    void addSubmitted();
    void addAfter();
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
    Program m_program;
    std::map<const Step*, StepId> m_stepIds;
};

Result<void> Expansion::checkSize() const {
    const std::string file = m_scenario.file.empty() ? m_scenario.id : m_scenario.file.string();
    Cost total;
    CostTable costs(m_scenario);
    for (std::size_t i = 0; i < m_scenario.tasks.size(); ++i) {
        const TaskTemplate& task = m_scenario.tasks[i];
        total.add(costs.of(i), task.count);
        if (total.tasks > kMostProgramTasks) {
            return fail(
                fmt::format("{}:{}:1: with {} the scenario has more than {} tasks, which is "
                            "the most allowed: lower count",
                            file, task.line, inQuotes(task.name), kMostProgramTasks));
        }
        if (total.actions > kMostActions) {
            return fail(fmt::format("{}:{}:1: with {} the scenario has more than {} steps to do, "
                                    "which is the most allowed: lower count",
                                    file, task.line, inQuotes(task.name), kMostActions));
        }
    }
    if (m_stepIds.size() > kMostSteps) {
        return fail(fmt::format("{}:1:1: the file has {} steps, at most {} are allowed: use count "
                                "for equal tasks",
                                file, m_stepIds.size(), kMostSteps));
    }
    if (m_program.objects.size() > kMostProgramObjects) {
        return fail(fmt::format("{}:1:1: the file declares {} locks, semaphores, barriers and "
                                "queues, at most {} are allowed",
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
    m_program.tasks.push_back(std::move(task));
    // Children are appended behind it, so the task is looked up again afterwards.
    TaskInMaking making{id, source.retries + 1, {}, {}};
    addActions(source.steps, making);
    m_program.tasks[id.value - 1].actions = std::move(making.actions);
    return id;
}

void Expansion::addActions(const Steps& steps, TaskInMaking& task) {
    for (const Step& step : steps) {
        const auto* lock = std::get_if<LockStep>(&step.what);
        if (lock == nullptr) {
            addAction(step, task);
            continue;
        }
        Action action;
        action.step = m_stepIds.at(&step);
        action.source = &step;
        action.object = lockId(lock->lock);
        action.kind = Action::Kind::Acquire;
        task.actions.push_back(action);
        addActions(lock->steps, task);
        action.kind = Action::Kind::Release;
        task.actions.push_back(action);
    }
}

void Expansion::addAction(const Step& step, TaskInMaking& task) {
    Action action;
    action.step = m_stepIds.at(&step);
    action.source = &step;
    if (const auto* spawn = std::get_if<SpawnStep>(&step.what)) {
        action.kind = Action::Kind::Spawn;
        std::vector<TaskId>& all = task.spawned[spawn->task];
        for (std::uint32_t i = 0; i < spawn->count; ++i) {
            action.tasks.push_back(addTask(spawn->task, task.id));
        }
        all.insert(all.end(), action.tasks.begin(), action.tasks.end());
    } else if (const auto* await = std::get_if<AwaitStep>(&step.what)) {
        action.kind = Action::Kind::Await;
        action.tasks = task.spawned[await->task];
    } else {
        fillWork(step, task, action);
        fillObject(step, action);
    }
    task.actions.push_back(std::move(action));
}

void Expansion::fillWork(const Step& step, TaskInMaking& task, Action& action) const {
    if (const auto* compute = std::get_if<ComputeStep>(&step.what)) {
        action.kind = Action::Kind::Compute;
        action.durationNs = drawDuration(compute->work, bits(task));
        action.kernel = compute->kernel;
        action.releasesGil = compute->releasesGil;
    } else if (const auto* io = std::get_if<IoStep>(&step.what)) {
        action.kind = Action::Kind::Io;
        action.durationNs = drawDuration(io->latency, bits(task));
        action.bytes = io->bytes;
        action.isBlocking = io->isBlocking;
    } else if (const auto* sleep = std::get_if<SleepStep>(&step.what)) {
        action.kind = Action::Kind::Sleep;
        action.durationNs = drawDuration(sleep->length, bits(task));
        action.isBlocking = sleep->isBlocking;
    } else if (const auto* publish = std::get_if<PublishStep>(&step.what)) {
        action.kind = Action::Kind::Publish;
        action.bytes = publish->bytes;
    } else if (const auto* failure = std::get_if<FailStep>(&step.what)) {
        action.kind = Action::Kind::Fail;
        action.strikes = strikes(failure->chance, task);
    } else if (const auto* crash = std::get_if<CrashStep>(&step.what)) {
        action.kind = Action::Kind::Crash;
        action.strikes = strikes(crash->chance, task);
    }
}

void Expansion::fillObject(const Step& step, Action& action) const {
    if (const auto* acquire = std::get_if<AcquireStep>(&step.what)) {
        action.kind = Action::Kind::Acquire;
        action.object = semaphoreId(acquire->semaphore);
    } else if (const auto* release = std::get_if<ReleaseStep>(&step.what)) {
        action.kind = Action::Kind::Release;
        action.object = semaphoreId(release->semaphore);
    } else if (const auto* barrier = std::get_if<BarrierStep>(&step.what)) {
        action.kind = Action::Kind::Barrier;
        action.object = barrierId(barrier->barrier);
    } else if (const auto* put = std::get_if<PutStep>(&step.what)) {
        action.kind = Action::Kind::Put;
        action.object = queueId(put->queue);
    } else if (const auto* get = std::get_if<GetStep>(&step.what)) {
        action.kind = Action::Kind::Get;
        action.object = queueId(get->queue);
    }
}

std::vector<bool> Expansion::strikes(const Chance& chance, const TaskInMaking& task) const {
    switch (chance.when) {
    case Chance::When::Always:
        return {true};
    case Chance::When::FirstTry:
        return {true, false};
    case Chance::When::Probability:
        break;
    }
    std::vector<bool> result;
    for (std::uint32_t tryIndex = 0; tryIndex < task.tries; ++tryIndex) {
        result.push_back(drawChance(chance.probability, bits(task, tryIndex + 1)));
    }
    return result;
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
    if (const auto size = checkSize(); !size) {
        return std::unexpected(size.error());
    }
    addSubmitted();
    addAfter();
    nameTasks();
    return std::move(m_program);
}

} // namespace

ObjectId Program::exchangeId(std::size_t declaration) const {
    const std::size_t first =
        objects.size() - scenario->exchanges.size() - scenario->messageQueues.size();
    return {static_cast<std::uint32_t>(first + declaration + 1)};
}

ObjectId Program::messageQueueId(std::size_t declaration) const {
    const std::size_t first = objects.size() - scenario->messageQueues.size();
    return {static_cast<std::uint32_t>(first + declaration + 1)};
}

std::string_view nameOf(ObjectKind kind) {
    constexpr std::array<std::string_view, 6> kNames{"lock",  "semaphore", "barrier",
                                                     "queue", "exchange",  "message-queue"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string kindTextOf(const Program& program, ObjectId object) {
    const ObjectKind kind = program.object(object).kind;
    if (kind != ObjectKind::Exchange) {
        return std::string(nameOf(kind));
    }
    const std::size_t index = object.value - program.exchangeId(0).value;
    return fmt::format("{}-exchange", routing::nameOf(program.scenario->exchanges[index].kind));
}

Result<Program> expand(std::shared_ptr<const Scenario> scenario, std::uint64_t seed) {
    CHECK(scenario != nullptr);
    return Expansion(std::move(scenario), seed).run();
}

} // namespace interleave::scenario
