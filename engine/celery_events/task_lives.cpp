// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/task_lives.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace interleave::celery_events {

namespace {

constexpr std::size_t kMostEnded = 20'000; // of which late words are still understood
constexpr std::size_t kMostNames = 20'000; // of kinds of tasks
constexpr Nanoseconds kShortestTransferNs = 50'000;

bool isExecuting(const TaskLife& task) {
    return task.state == State::Running || task.state == State::Transfer;
}

} // namespace

void TaskLives::apply(const ClusterEvent& event, ClusterNode& node, Nanoseconds at) {
    if (event.type == EventType::TaskSent && sentLate(event, node, at)) {
        return;
    }
    TaskLife* const task = lifeOf(event, node, at);
    if (task == nullptr) {
        return;
    }
    switch (event.type) {
    case EventType::TaskSent:
        sent(*task, event, node, at);
        break;
    case EventType::TaskReceived:
        received(*task, event, node, at);
        break;
    case EventType::TaskStarted:
        started(*task, node, at);
        break;
    case EventType::TaskSucceeded:
        succeeded(*task, event, node, at);
        break;
    case EventType::TaskFailed:
        failed(*task, event, at);
        break;
    case EventType::TaskRetried:
        retried(*task, event, at);
        break;
    case EventType::TaskRevoked:
        cancelled(*task, event, at);
        break;
    case EventType::TaskRejected:
        if (event.isRequeued) {
            givenBack(*task, at);
        } else {
            cancelled(*task, event, at);
        }
        break;
    case EventType::TaskCancelled:
        givenBack(*task, at);
        break;
    default:
        break;
    }
}

TaskLife* TaskLives::lifeOf(const ClusterEvent& event, ClusterNode& node, Nanoseconds at) {
    if (const auto known = m_tasks.find(event.uuid); known != m_tasks.end()) {
        return &known->second;
    }
    if (m_tasks.size() >= m_most) {
        ++m_counts.unfollowed;
        return nullptr;
    }
    TaskLife task;
    task.name = nameOf(event);
    task.number = m_session.addTask(fmt::format("{} [{}]", *task.name, event.uuid), *task.name, at);
    task.firstNs = at;
    task.retries = event.retries;
    TaskLife& added = m_tasks.emplace(event.uuid, std::move(task)).first->second;
    showParent(added, event, node, at);
    return &added;
}

/// Only some events have the task's name.
const std::string* TaskLives::nameOf(const ClusterEvent& event) {
    static const std::string kUnknown = "task";
    if (event.name.empty() || m_names.size() >= kMostNames) {
        return &kUnknown;
    }
    return &*m_names.insert(event.name).first;
}

void TaskLives::showParent(const TaskLife& task, const ClusterEvent& event, const ClusterNode& node,
                           Nanoseconds at) {
    if (event.parent.empty() || event.parent == event.uuid) { // a retry names itself
        return;
    }
    if (const auto parent = m_tasks.find(event.parent); parent != m_tasks.end()) {
        m_session.spawned(node.main, task.number, parent->second.number, at);
    } else if (const auto ended = m_ended.find(event.parent); ended != m_ended.end()) {
        m_session.spawned(node.main, task.number, ended->second.number, at);
    }
}

void TaskLives::sent(TaskLife& task, const ClusterEvent& event, ClusterNode& node, Nanoseconds at) {
    if (!task.state && task.firstNs == at) {
        task.isSentKnown = true;
        task.changedNs = at;
        task.state = State::Queued;
        ++level(State::Queued);
        m_session.state(node.main, task.number, State::Queued, at);
        task.message = m_messages.sent(event, node, at);
    } else if (!task.next && event.retries > task.retries) {
        task.nextMessage = m_messages.sent(event, node, at);
    }
}

/// A client tells that it has sent a task after it did: by then a worker may have told more.
bool TaskLives::sentLate(const ClusterEvent& event, const ClusterNode& node, Nanoseconds at) {
    const auto tell = [&](auto& task) {
        if (task.isSentKnown || event.retries != 0) {
            return false;
        }
        task.isSentKnown = true;
        m_counts.unsent -= std::exchange(task.isUnsent, false) ? 1U : 0U;
        m_session.state(node.main, task.number, State::Queued, std::min(at, task.firstNs - 1));
        return true;
    };
    if (const auto ended = m_ended.find(event.uuid); ended != m_ended.end()) {
        tell(ended->second);
        return true;
    }
    const auto known = m_tasks.find(event.uuid);
    if (known == m_tasks.end() || !tell(known->second)) {
        return false;
    }
    TaskLife& task = known->second;
    if (task.worker != nullptr && task.message.number == 0) {
        task.message = m_messages.sent(event, node, std::min(at, task.firstNs - 1));
        m_messages.delivered(task.message, task.number, *task.worker, task.firstNs);
    }
    return true;
}

void TaskLives::received(TaskLife& task, const ClusterEvent& event, ClusterNode& node,
                         Nanoseconds at) {
    if (task.worker == nullptr && task.retries == 0) {
        ++m_counts.received;
        task.isUnsent = !task.isSentKnown;
        m_counts.unsent += task.isUnsent ? 1 : 0;
    }
    const bool isNextTry = event.retries > task.retries;
    const Nanoseconds due = event.etaNs && isNextTry ? node.clock.monotonicOf(*event.etaNs) : at;
    if (isExecuting(task) && isNextTry) {
        m_messages.delivered(task.nextMessage, task.number, node, at);
        task.next = NextTry{&node, due};
        return;
    }
    task.retries = event.retries;
    m_messages.givenBack(task.message, at);
    m_messages.delivered(task.message, task.number, node, at + 1);
    if (task.state && task.state != State::Queued && task.state != State::Retrying) {
        ++m_counts.redelivered;
        enter(task, State::Queued, at); // its worker was lost, or gave it back
    }
    task.worker = &node;
    if (task.state == State::Retrying) {
        task.dueNs = std::max(due, at); // its worker keeps it until then
        return;
    }
    enter(task, State::Reserved, at, event.etaNs && !isNextTry ? "until it is due" : "");
}

/// The try that is executed has failed, and the next one is known already.
void TaskLives::turnToNext(TaskLife& task, Nanoseconds at, const std::string& why) {
    enter(task, State::Retrying, at, why);
    m_messages.ended(task.message, task.changedNs);
    task.message = std::exchange(task.nextMessage, {});
    if (task.next) {
        ++task.retries;
        task.worker = task.next->worker;
        task.dueNs = std::max(task.next->dueNs, task.changedNs + 1);
        task.next.reset();
    }
}

/// What a task did since its next try was due.
void TaskLives::makeDue(TaskLife& task, Nanoseconds at) {
    if (task.dueNs && task.state == State::Retrying && *task.dueNs <= at) {
        enter(task, State::Queued, *task.dueNs);
        enter(task, State::Reserved, *task.dueNs);
    }
    task.dueNs.reset();
}

void TaskLives::started(TaskLife& task, ClusterNode& node, Nanoseconds at) {
    if (isExecuting(task) && task.next) {
        turnToNext(task, task.changedNs, {}); // nobody told that the last try failed, or when
    } else if (isExecuting(task)) {
        if (task.worker == &node) {
            return; // told twice
        }
        enter(task, State::Queued, at);
    }
    makeDue(task, at);
    m_messages.delivered(task.message, task.number, node, at);
    task.worker = &node;
    task.runnableNs = task.changedNs + 1;
    const Nanoseconds begin = std::max(at, task.runnableNs);
    const auto place = node.places.take(begin);
    if (!place) {
        ++m_counts.unfollowed;
        return;
    }
    if (place->number == node.slotStreams.size()) {
        node.slotStreams.push_back(
            m_session.open(fmt::format("{} / {}", node.name, place->number + 1),
                           record::StreamRole::Worker, node.pid, node.openedNs));
    }
    task.slot = place->number;
    task.stream = node.slotStreams[place->number];
    task.runnableNs = std::max(task.runnableNs, place->freeFromNs);
    enter(task, State::Running, begin,
          task.retries == 0 ? std::string() : fmt::format("try {}", task.retries + 1));
}

void TaskLives::succeeded(TaskLife& task, const ClusterEvent& event, ClusterNode& node,
                          Nanoseconds at) {
    if (!isExecuting(task)) {
        if (!event.runtimeNs) { // when it began nobody says
            ++m_counts.endsUnseen;
            m_tasks.erase(event.uuid);
            return;
        }
        started(task, node, at - *event.runtimeNs);
    }
    if (!isExecuting(task)) {
        m_tasks.erase(event.uuid);
        return;
    }
    if (event.runtimeNs) {
        fitRuntime(task, *event.runtimeNs, at);
    }
    end(event.uuid, State::Done, at);
}

/// The worker measured how long the task itself ran; its events say when its main process heard of
/// the begin and of the end, both a little late.
void TaskLives::fitRuntime(TaskLife& task, Nanoseconds runtimeNs, Nanoseconds at) {
    const Nanoseconds begun = task.changedNs;
    if (begun + runtimeNs + kShortestTransferNs < at) {
        enter(task, State::Transfer, begun + runtimeNs, "its result");
    } else if (const Nanoseconds earlier = std::max(at - runtimeNs, task.runnableNs);
               earlier < begun) {
        m_session.state(task.stream, task.number, State::Running, earlier);
    }
}

void TaskLives::failed(TaskLife& task, const ClusterEvent& event, Nanoseconds at) {
    if (!task.state) {
        enter(task, State::Reserved, at); // all that is known: somebody had it
    }
    markEnd(task, event, "failed", at);
    end(event.uuid, State::Failed, at);
}

void TaskLives::retried(TaskLife& task, const ClusterEvent& event, Nanoseconds at) {
    task.dueNs.reset();
    turnToNext(task, at, event.exception);
}

void TaskLives::cancelled(TaskLife& task, const ClusterEvent& event, Nanoseconds at) {
    const char* const what = event.type == EventType::TaskRejected ? "was rejected"
                             : event.isExpired                     ? "expired"
                                                                   : "was revoked";
    if (!task.state) {
        enter(task, State::Reserved, at);
    }
    m_messages.dropped(task.message, at);
    markEnd(task, event, what, at);
    end(event.uuid, State::Cancelled, at);
}

void TaskLives::givenBack(TaskLife& task, Nanoseconds at) {
    enter(task, State::Queued, at, "given back");
    m_messages.givenBack(task.message, task.changedNs);
}

void TaskLives::markEnd(const TaskLife& task, const ClusterEvent& event, const char* what,
                        Nanoseconds at) {
    m_session.mark(event.exception.empty() ? fmt::format("{} [{}] {}", *task.name, event.uuid, what)
                                           : fmt::format("{} [{}] {}: {}", *task.name, event.uuid,
                                                         what, event.exception),
                   at);
}

void TaskLives::enter(TaskLife& task, State state, Nanoseconds at, const std::string& what) {
    at = std::max(at, task.changedNs + 1);
    const StreamNumber stream =
        task.slot ? task.stream : (task.worker == nullptr ? 0 : task.worker->main);
    m_session.state(stream, task.number, state, at, what);
    if (task.state) {
        --level(*task.state);
    }
    task.state = state;
    task.changedNs = at;
    ++level(state);
    if (!isExecuting(task)) {
        leaveSlot(task);
    }
}

void TaskLives::lose(TaskLife& task, Nanoseconds at) {
    if (!task.state) {
        return;
    }
    --level(*task.state);
    task.state.reset();
    task.changedNs = std::max(at, task.changedNs + 1);
    m_session.unknown(task.slot ? task.stream : 0, task.number, task.changedNs);
    leaveSlot(task);
    task.dueNs.reset();
    task.next.reset();
}

void TaskLives::leaveSlot(TaskLife& task) {
    if (task.slot) {
        task.worker->places.release(*task.slot, task.changedNs);
        task.slot.reset();
        task.stream = 0;
    }
}

void TaskLives::end(const std::string& uuid, State state, Nanoseconds at) {
    const auto place = m_tasks.find(uuid);
    TaskLife& task = place->second;
    enter(task, state, at);
    --level(state);
    m_messages.ended(task.message, task.changedNs);
    m_ended[uuid] = {task.number, task.firstNs, task.isSentKnown, task.isUnsent};
    m_endedOrder.push_back(uuid);
    m_tasks.erase(place);
    if (m_endedOrder.size() > kMostEnded) {
        m_ended.erase(m_endedOrder.front());
        m_endedOrder.pop_front();
    }
}

void TaskLives::workerLeft(const ClusterNode& worker, Nanoseconds at, bool isOrderly) {
    for (auto& [uuid, task] : m_tasks) {
        if (task.next && task.next->worker == &worker) {
            task.next.reset();
        }
        if (task.worker != &worker) {
            continue;
        }
        if (isOrderly && task.state && !isExecuting(task)) {
            givenBack(task, at);
        } else {
            lose(task, at);
        }
        task.worker = nullptr;
    }
}

void TaskLives::loseSight(Nanoseconds at) {
    for (auto& [uuid, task] : m_tasks) {
        lose(task, at);
    }
}

} // namespace interleave::celery_events
