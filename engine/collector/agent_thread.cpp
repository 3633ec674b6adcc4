// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/agent_thread.h"

#include "engine/collector/agent_message.h"

#include <algorithm>

namespace interleave::collector {

using record::BlockingCall;
using record::Event;
using record::EventKind;
using record::StateDetail;

namespace {

constexpr bool isPending(State state) {
    return state == State::Queued || state == State::Reserved || state == State::Starting ||
           state == State::Retrying;
}

constexpr bool isOfLock(EventKind kind) {
    return kind >= EventKind::LockAcquired && kind <= EventKind::LockGaveUp;
}

State stateIn(BlockingCall call) {
    switch (call) {
    case BlockingCall::Sleep:
        return State::Sleeping;
    case BlockingCall::WaitChild:
    case BlockingCall::WaitThread:
        return State::Suspended; // waits for another to end
    default:
        return State::WaitingIo;
    }
}

} // namespace

void AgentThread::setTask(std::uint32_t task) {
    m_stack.insert(m_stack.begin(), {task, 0});
    m_hasTask = true;
}

std::size_t AgentThread::translate(std::span<const Event> events, bool isLast,
                                   std::vector<Event>& to) {
    m_to = &to;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const bool isKnown = knowsNumbers(events[i]);
        if (!isKnown && !isLast) {
            return i;
        }
        m_stamp = events[i].stamp();
        if (isKnown) {
            take(events[i]);
        } else {
            ++m_unknownNumbers;
        }
        m_lastStamp = std::max(m_lastStamp, m_stamp);
    }
    return events.size();
}

bool AgentThread::knowsNumbers(const Event& event) const {
    const auto knowsTask = [&](std::uint32_t own) { return own == 0 || m_process.task(own) != 0; };
    const EventKind kind = event.kind();
    if (record::isState(kind)) {
        const StateDetail detail = StateDetail::unpack(event.b);
        return event.a != 0 && m_process.task(event.a) != 0 &&
               (detail.object.isNone() || m_process.object(detail.object.value) != 0) &&
               (detail.step.isNone() || m_process.step(detail.step.value) != 0);
    }
    if (isOfLock(kind)) {
        return m_process.object(event.b & 0xffff) != 0;
    }
    if (isOfBroker(kind)) {
        return brokerEventInSession(m_process, event).has_value();
    }
    switch (kind) {
    case EventKind::LockFailed:
    case EventKind::QueuePut:
    case EventKind::QueueGot:
        return m_process.object(event.b) != 0;
    case EventKind::Level:
        return m_process.counter(event.a) != 0;
    case EventKind::StateUnknown:
        return m_process.isReporter && event.a != 0 && m_process.task(event.a) != 0;
    case EventKind::Spawned:
    case EventKind::Woken:
        return event.a != 0 && knowsTask(event.a) && knowsTask(event.b);
    default:
        return true;
    }
}

void AgentThread::take(const Event& event) {
    const EventKind kind = event.kind();
    if (m_activity.object != 0 && !m_names.failures.empty() &&
        hasFailed(m_activity.object, m_stamp)) {
        setActivity({.isKnown = true}); // what it waited for isn't followed any more
    }
    if (record::isState(kind)) {
        takeState(event);
        return;
    }
    if (isOfLock(kind)) {
        const std::uint32_t object = m_process.object(event.b & 0xffff);
        if (!m_names.failures.empty() && hasFailed(object, m_stamp)) {
            return;
        }
        switch (kind) {
        case EventKind::LockAcquired:
            takeAcquired(object, event.b >> 16);
            break;
        case EventKind::LockReleased:
            takeReleased(object);
            break;
        case EventKind::LockWaited:
            takeWaited(object, event.a);
            break;
        case EventKind::LockGaveUp:
            takeGaveUp(object);
            break;
        default:
            break; // who asks for the lock is seen by how it gets it
        }
        return;
    }
    if (isOfBroker(kind)) {
        const Event known = brokerEventInSession(m_process, event).value_or(event);
        put(kind, known.a, known.b);
        return;
    }
    switch (kind) {
    case EventKind::LockFailed:
        put(kind, 0, m_process.object(event.b));
        break;
    case EventKind::QueuePut:
    case EventKind::QueueGot:
        put(kind, event.a, m_process.object(event.b));
        break;
    case EventKind::Spawned:
    case EventKind::Woken: {
        // Nobody in particular: whoever is at work on this thread.
        const std::uint32_t other = event.b == 0 ? topTask() : m_process.task(event.b);
        put(kind, m_process.task(event.a), other == m_process.task(event.a) ? 0 : other);
        break;
    }
    case EventKind::CallBegan: {
        const auto call = event.b <= static_cast<std::uint32_t>(BlockingCall::WaitThread)
                              ? static_cast<BlockingCall>(event.b)
                              : BlockingCall::Other;
        setActivity({.state = stateIn(call),
                     .callStep = m_names.stepOfCall(call),
                     .isKnown = true,
                     .isCall = true});
        break;
    }
    case EventKind::CallEnded:
        if (m_activity.isCall || !m_activity.isKnown) {
            setActivity({.isKnown = true});
        }
        break;
    case EventKind::ThreadStarted:
        takeStarted(event);
        break;
    case EventKind::ThreadEnded:
        put(kind, event.a, event.b);
        if (m_hasTask && !m_hasEnded) {
            putState(m_stack.front().task, State::Done, {});
        }
        m_hasEnded = true;
        break;
    case EventKind::Dropped:
        takeGap(event);
        break;
    case EventKind::Level:
        put(kind, m_process.counter(event.a), event.b);
        break;
    case EventKind::StateUnknown:
        takeUnknown(m_process.task(event.a));
        break;
    case EventKind::ThreadCpuTime:
    case EventKind::Marked:
        put(kind, event.a, event.b);
        break;
    default:
        ++m_unknownNumbers; // no kind that an agent writes
        break;
    }
}

void AgentThread::takeStarted(const Event& event) {
    put(EventKind::ThreadStarted, event.a, 0);
    if (m_activity.isKnown) {
        return; // it had said that it ended
    }
    if (m_hasTask) {
        const std::uint32_t maker = event.b != 0 ? m_names.taskOfThread(m_process, event.b)
                                                 : m_names.makerOfProcess(m_process);
        if (maker != 0 && maker != topTask()) {
            put(EventKind::Spawned, topTask(), maker);
        }
    }
    setActivity({.isKnown = true});
}

void AgentThread::takeState(const Event& event) {
    const std::uint32_t task = m_process.task(event.a);
    const State state = record::stateOf(event.kind());
    StateDetail detail = StateDetail::unpack(event.b);
    detail.object.value =
        detail.object.isNone() ? 0 : m_process.object(detail.object.value) & record::kMaxObjects;
    detail.step.value = detail.step.isNone() ? 0 : m_process.step(detail.step.value);
    const std::size_t depth = depthOf(task);
    const bool isOnThread = depth < m_stack.size();

    if (state == State::Running && !detail.isDetached) {
        if (isOnThread) {
            popTo(depth + 1);
            m_stack[depth].step = detail.step.value;
        } else {
            suspendTop();
            m_stack.push_back({task, detail.step.value});
        }
        m_activity = {.isKnown = true};
        showTop();
        return;
    }
    if (isOnThread && !detail.isDetached && !isPending(state) && !isEnd(state)) {
        popTo(depth + 1); // it goes on on this thread, in another state
        m_stack[depth].step = detail.step.value;
        setActivity({.state = state, .object = detail.object.value, .isKnown = true});
        return;
    }
    const bool leaves = isOnThread && !(m_hasTask && depth == 0);
    if (leaves) {
        popTo(depth + 1);
        m_stack.pop_back();
    }
    // Only a task that is on the thread can be in a state that occupies it.
    detail.isDetached = !isPending(state) && !isEnd(state);
    putState(task, state, detail);
    if (leaves) {
        m_activity = {.isKnown = true};
        showTop();
    }
}

/// What the task does now nobody knows, so it isn't on this thread any more.
void AgentThread::takeUnknown(std::uint32_t task) {
    if (const std::size_t depth = depthOf(task); depth < m_stack.size()) {
        popTo(depth + 1);
        m_stack.pop_back();
    }
    m_shown = {};
    put(EventKind::StateUnknown, task, 0);
    m_activity = {.isKnown = true};
    showTop();
}

void AgentThread::takeAcquired(std::uint32_t object, std::uint32_t how) {
    const ObjectRole role = roleOf(object);
    if (role == ObjectRole::Gil || m_activity.object == object) {
        setActivity({.isKnown = true});
    }
    if (role == ObjectRole::Condition || role == ObjectRole::Queue) {
        return; // it had waited; nobody holds these
    }
    m_holds.push_back({object, topTask()});
    put(EventKind::LockAcquired, topTask(),
        object | std::min(how, static_cast<std::uint32_t>(record::Acquisition::Forced)) << 16);
}

void AgentThread::takeReleased(std::uint32_t object) {
    const ObjectRole role = roleOf(object);
    if (role == ObjectRole::Condition || role == ObjectRole::Queue) {
        return;
    }
    if (role == ObjectRole::Gil && m_activity.isCall) {
        setActivity({.isKnown = true}); // who can release it is back from the call
    }
    const auto hold = std::ranges::find(m_holds.rbegin(), m_holds.rend(), object, &Hold::object);
    if (hold != m_holds.rend()) {
        put(EventKind::LockReleased, hold->task, object);
        m_holds.erase(std::next(hold).base());
    } else if (!m_hadGap || role != ObjectRole::Gil) {
        put(EventKind::LockReleased, topTask(), object); // taken by another thread, say
    }
}

void AgentThread::takeWaited(std::uint32_t object, std::uint32_t holderTid) {
    const bool isGil = roleOf(object) == ObjectRole::Gil;
    if (!isGil && holderTid != 0) { // the holds of the GIL are all known
        put(EventKind::LockWaited, m_names.taskOfThread(m_process, holderTid), object);
    }
    setActivity({.state = isGil ? State::WaitingGil : State::WaitingLock,
                 .object = object,
                 .isKnown = true});
}

void AgentThread::takeGaveUp(std::uint32_t object) {
    if (m_activity.object == object || !m_activity.isKnown) {
        setActivity({.isKnown = true});
    }
}

// Nothing is concluded from what was before to what comes after: locks count as released, and tasks
// as in no state, from the last thing that was recorded.
void AgentThread::takeGap(const Event& event) {
    const std::uint64_t stamp = m_stamp;
    m_stamp = std::min(m_lastStamp, stamp);
    for (const Hold& hold : m_holds) {
        put(EventKind::LockReleased, hold.task, hold.object);
    }
    m_holds.clear();
    for (const Occupant& occupant : m_stack) {
        if (!m_hasEnded || occupant.task != m_stack.front().task) {
            put(EventKind::StateUnknown, occupant.task, 0);
        }
    }
    m_stack.resize(m_hasTask ? 1 : 0);
    m_activity = {};
    m_shown = {};
    m_hadGap = true;
    m_stamp = stamp;
    put(EventKind::Dropped, event.a, event.b);
}

void AgentThread::setActivity(Activity activity) {
    m_activity = activity;
    showTop();
}

void AgentThread::showTop() {
    if (m_stack.empty() || !m_activity.isKnown) {
        return;
    }
    const Occupant& top = m_stack.back();
    StateDetail detail;
    detail.object.value = m_activity.object & record::kMaxObjects;
    detail.step.value = top.step != 0 ? top.step : m_activity.callStep;
    const Shown shown{top.task, detail.pack(), m_activity.state};
    if (shown != m_shown) {
        putState(top.task, m_activity.state, detail);
        m_shown = shown;
    }
}

/// The task under another one on the same thread.
void AgentThread::suspendTop() {
    if (!m_stack.empty()) {
        putState(topTask(), State::Suspended, {{}, StepId{m_stack.back().step}, true});
    }
}

void AgentThread::popTo(std::size_t depth) {
    while (m_stack.size() > depth) {
        suspendTop();
        m_stack.pop_back();
    }
}

std::size_t AgentThread::depthOf(std::uint32_t task) const {
    return static_cast<std::size_t>(std::ranges::find(m_stack, task, &Occupant::task) -
                                    m_stack.begin());
}

bool AgentThread::hasFailed(std::uint32_t object, std::uint64_t stamp) const {
    const auto failure = m_names.failures.find(object);
    return failure != m_names.failures.end() && failure->second <= stamp;
}

void AgentThread::put(EventKind kind, std::uint32_t a, std::uint32_t b) {
    m_to->push_back({m_stamp << 8 | static_cast<std::uint64_t>(kind), a, b});
}

void AgentThread::putState(std::uint32_t task, State state, StateDetail detail) {
    if (m_hasTask && m_hasEnded && task == m_stack.front().task) {
        return; // what destructors do after the thread's end
    }
    m_shown = {};
    put(record::kindOf(state), task, detail.pack());
}

} // namespace interleave::collector
