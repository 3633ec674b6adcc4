// SPDX-License-Identifier: GPL-3.0-or-later
// The actions of a task: durations and chances drawn, names resolved, messages routed.
#include "engine/scenario/expansion.h"

namespace interleave::scenario {

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
    } else if (const auto* publish = std::get_if<PublishStep>(&step.what)) {
        fillMessages(*publish, task, action);
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

void Expansion::fillMessages(const PublishStep& publish, const TaskInMaking& task, Action& action) {
    action.kind = Action::Kind::Publish;
    action.bytes = publish.bytes;
    action.messages.reserve(publish.count);
    for (std::uint32_t i = 0; i < publish.count; ++i) {
        const std::size_t key = i % publish.keys.size();
        const MessageRoutes::Reach& reach = m_routes.of(publish, key);
        PublishedMessage message;
        message.number = ++m_messages;
        message.exchange = publish.exchange ? m_program.exchangeId(*publish.exchange) : ObjectId{};
        message.key = publish.keys[key];
        message.routedCopies = static_cast<std::uint32_t>(reach.routed);
        message.copies.reserve(reach.queues.size());
        for (const std::size_t queue : reach.queues) {
            const auto handler = m_routes.handlerOf(queue);
            message.copies.push_back(
                {m_program.messageQueueId(queue), handler ? addTask(*handler, task.id) : TaskId{}});
        }
        action.messages.push_back(std::move(message));
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

} // namespace interleave::scenario
