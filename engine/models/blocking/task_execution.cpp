// SPDX-License-Identifier: GPL-3.0-or-later
// Order matters in every step below: a waiting state is recorded before the processor (and the
// GIL) is given up, `running` after both are had again, LockReleased before the object is free and
// LockAcquired after it was got. So no two spans that exclude each other ever overlap by a stamp.
#include "engine/models/blocking/task_execution.h"

#include "engine/scenario/compute.h"

#include <algorithm>
#include <exception>
#include <fmt/format.h>

namespace interleave::models {

using record::EventKind;
using record::kindOf;
using record::StateDetail;
using scenario::Action;

namespace {

/// Shorter gaps between "could go on" and "goes on" are the cost of a wake-up, not a story.
constexpr Nanoseconds kReadyWorthShowingNs = 20'000;
constexpr std::uint32_t kMostComplaints = 4; // per worker; the rest would say the same

bool strikesNow(const Action& action, std::uint32_t tryIndex) {
    if (action.strikes.empty()) {
        return false;
    }
    return tryIndex < action.strikes.size() ? action.strikes[tryIndex] : action.strikes.back();
}

State waitingStateOf(const Action& action) {
    return action.kind == Action::Kind::Put ? State::Blocked : State::WaitingLock;
}

} // namespace

struct TaskExecution::Frame {
    const scenario::Task& task;
    std::uint32_t tryIndex = 0;
    std::vector<ObjectId>
        lockedByUs;          // locks, innermost last; semaphores are the scenario's business
    bool isRunning = false;  // the recorded state is Running ...
    StepId step;             // ... in this step
    Nanoseconds limitNs = 0; // moment after which the try fails; 0: never
};

WorkEnvironment environmentOf(const RunContext& context, SharedObjects& objects, int stopFd) {
    return {context.program,
            context.speed,
            context.loopback,
            objects,
            stopFd,
            context.firstExtraStep,
            [&session = context.session](const std::string& message) {
                session.diagnose("task-trouble", "warning", 1, message);
            }};
}

TaskExecution::TaskExecution(const WorkEnvironment& environment, record::Writer& writer,
                             ExecutionHooks& hooks)
    : m_environment(environment)
    , m_writer(writer)
    , m_hooks(hooks) {}

State TaskExecution::runToEnd(TaskId task) {
    m_environment.objects.markStarted(task);
    State end = State::Failed;
    try {
        end = perform(task);
    } catch (const std::exception& trouble) {
        // Foreign code ran out of memory or of something else; the other tasks go on.
        m_environment.complain(fmt::format("Task \"{}\" failed: {}.",
                                           m_environment.program.task(task).name, trouble.what()));
    }
    m_writer.state(task, end);
    m_environment.objects.markEnded(task);
    return end;
}

State TaskExecution::perform(TaskId task, std::uint32_t firstTry) {
    Frame frame{m_environment.program.task(task), firstTry, {}, false, {}};
    while (true) {
        const Progress progress = tryAndLetGo(frame);
        if (progress == Progress::Ok) {
            return State::Done;
        }
        if (progress == Progress::Cancelled || frame.tryIndex >= frame.task.retries) {
            return progress == Progress::Cancelled ? State::Cancelled : State::Failed;
        }
        if (waitBeforeRetry(frame) == Progress::Cancelled) {
            return State::Cancelled;
        }
        ++frame.tryIndex;
    }
}

State TaskExecution::performTry(TaskId task, std::uint32_t tryIndex, Nanoseconds softLimitNs) {
    Frame frame{m_environment.program.task(task), tryIndex, {}, false, {}};
    frame.limitNs = softLimitNs > 0 ? monotonicNow() + softLimitNs : 0;
    switch (tryAndLetGo(frame)) {
    case Progress::Ok:
        return State::Done;
    case Progress::Failed:
        return State::Failed;
    case Progress::Cancelled:
        break;
    }
    // A wait that the limit has cut off and one that the run's end has look the same from inside.
    return m_environment.objects.isCancelled() ? State::Cancelled : State::Failed;
}

Progress TaskExecution::tryAndLetGo(Frame& frame) {
    const Progress progress = tryOnce(frame);
    while (!frame.lockedByUs.empty()) {
        release(frame, frame.lockedByUs.back());
    }
    return progress;
}

bool TaskExecution::isOverLimit(const Frame& frame) const {
    return frame.limitNs != 0 && monotonicNow() >= frame.limitNs;
}

Progress TaskExecution::tryOnce(Frame& frame) {
    const auto& actions = frame.task.actions;
    const StepId whole{m_environment.firstExtraStep.value +
                       static_cast<std::uint32_t>(ExtraStep::Task)};
    if (m_environment.objects.isCancelled()) {
        return Progress::Cancelled;
    }
    resume(frame, actions.empty() ? whole : actions.front().step);
    for (const Action& action : actions) {
        if (!m_hooks.mayGoOn(frame.task.id)) {
            return Progress::Failed;
        }
        if (const Progress progress = execute(frame, action); progress != Progress::Ok) {
            return progress;
        }
        if (isOverLimit(frame)) {
            return Progress::Failed;
        }
    }
    return m_hooks.mayGoOn(frame.task.id) ? Progress::Ok : Progress::Failed;
}

Progress TaskExecution::execute(Frame& frame, const Action& action) {
    switch (action.kind) {
    case Action::Kind::Compute:
        return action.releasesGil ? computeWithoutGil(frame, action) : compute(frame, action);
    case Action::Kind::Io:
        return io(frame, action);
    case Action::Kind::Sleep:
        return sleep(frame, action);
    case Action::Kind::Acquire:
    case Action::Kind::Barrier:
    case Action::Kind::Put:
    case Action::Kind::Get:
        return pass(frame, action);
    case Action::Kind::Release:
        release(frame, action.object);
        return Progress::Ok;
    case Action::Kind::Spawn:
        spawn(frame, action);
        return Progress::Ok;
    case Action::Kind::Await:
        return await(frame, action);
    case Action::Kind::Publish:
        return publish(frame, action);
    case Action::Kind::Fail:
        return strikesNow(action, frame.tryIndex) ? Progress::Failed : Progress::Ok;
    case Action::Kind::Crash:
        if (strikesNow(action, frame.tryIndex)) {
            m_hooks.crash(frame.task.id);
            return Progress::Failed;
        }
        return Progress::Ok;
    }
    return Progress::Ok;
}

// --- steps that compute ------------------------------------------------------------------------

Progress TaskExecution::compute(Frame& frame, const Action& action) {
    resume(frame, action.step);
    const std::uint64_t slices = m_environment.speed.slicesFor(action.kernel, action.durationNs);
    bool isGivenUp = false;
    const bool isDone = scenario::compute(action.kernel, slices, [&] {
        const bool isInterrupted = m_hooks.checkPoint(frame.task.id, action.step);
        isGivenUp = !m_hooks.mayGoOn(frame.task.id) || isOverLimit(frame);
        if (isGivenUp || m_environment.objects.isCancelled()) {
            return false;
        }
        if (isInterrupted) {
            frame.isRunning = false;
            resume(frame, action.step);
        }
        return true;
    });
    if (isGivenUp) {
        return Progress::Failed;
    }
    return isDone ? Progress::Ok : Progress::Cancelled;
}

Progress TaskExecution::computeWithoutGil(Frame& frame, const Action& action) {
    resume(frame, action.step);
    m_hooks.beginBlocking(frame.task.id);
    const std::uint64_t slices = m_environment.speed.slicesFor(action.kernel, action.durationNs);
    const bool isDone = scenario::compute(action.kernel, slices, [&] {
        return !m_environment.objects.isCancelled() && !isOverLimit(frame);
    });
    if (!isDone || !m_hooks.endBlocking(frame.task.id, action.step)) {
        return Progress::Cancelled;
    }
    frame.isRunning = false; // it may have waited for the GIL
    resume(frame, action.step);
    return Progress::Ok;
}

// --- steps that wait for the world -------------------------------------------------------------

Progress TaskExecution::io(Frame& frame, const Action& action) {
    resume(frame, action.step);
    if (auto sent = m_client.send(m_environment.loopback, action.durationNs, action.bytes); !sent) {
        return ioFailed(frame, sent.error().message);
    }
    enter(frame, State::WaitingIo, action.step);
    frame.isRunning = false;
    const Nanoseconds beganNs = monotonicNow();
    m_hooks.beginBlocking(frame.task.id);
    const auto hasAnswer = m_client.waitForAnswer(
        m_environment.stopFd,
        frame.limitNs == 0 ? -1 : std::max<Nanoseconds>(0, frame.limitNs - beganNs));
    const Nanoseconds wokeNs = monotonicNow();
    if (hasAnswer && !*hasAnswer) {
        return Progress::Cancelled;
    }
    if (!m_hooks.endBlocking(frame.task.id, action.step)) {
        return Progress::Cancelled;
    }
    resume(frame, action.step);
    if (!hasAnswer) {
        return ioFailed(frame, hasAnswer.error().message);
    }
    if (!*hasAnswer && isOverLimit(frame)) {
        m_client = scenario::LoopbackClient(); // its answer is nobody's
        return Progress::Failed;
    }
    // Only the answer itself says since when it was there; so `ready` is dated back.
    const auto answer = m_client.receive(m_environment.stopFd);
    if (!answer) {
        return ioFailed(frame, answer.error().message);
    }
    const Nanoseconds readyNs = std::max(answer->sentNs, beganNs);
    if (wokeNs - readyNs > kReadyWorthShowingNs) {
        m_writer.emitAt(m_writer.stampOfMonotonic(readyNs), kindOf(State::Ready),
                        frame.task.id.value, StateDetail{{}, action.step, false}.pack());
    }
    return answer->isStopped ? Progress::Cancelled : Progress::Ok;
}

Progress TaskExecution::ioFailed(const Frame& frame, const std::string& message) {
    m_client = scenario::LoopbackClient(); // whatever is left in the connection belongs to nobody
    if (m_complaints++ < kMostComplaints && m_environment.complain) {
        m_environment.complain(
            fmt::format("Task \"{}\" failed in an I/O step: {}", frame.task.name, message));
    }
    return Progress::Failed;
}

Progress TaskExecution::sleep(Frame& frame, const Action& action) {
    enter(frame, State::Sleeping, action.step);
    frame.isRunning = false;
    const Nanoseconds beganNs = monotonicNow();
    const Nanoseconds dueNs = beganNs + action.durationNs;
    m_hooks.beginBlocking(frame.task.id);
    const bool isCutOff = frame.limitNs != 0 && frame.limitNs < dueNs;
    if (!m_hooks.sleepUntil(frame.task.id, isCutOff ? frame.limitNs : dueNs,
                            m_environment.objects)) {
        return Progress::Cancelled;
    }
    if (isCutOff) {
        return m_hooks.endBlocking(frame.task.id, action.step) ? Progress::Failed
                                                               : Progress::Cancelled;
    }
    readySince(frame, dueNs, beganNs, action.step);
    if (!m_hooks.endBlocking(frame.task.id, action.step)) {
        return Progress::Cancelled;
    }
    resume(frame, action.step);
    return Progress::Ok;
}

Progress TaskExecution::publish(Frame& frame, const Action& action) {
    resume(frame, action.step);
    const Progress progress = m_hooks.publish(frame.task.id, action);
    frame.isRunning = false; // it may have waited for the broker
    return progress;
}

Progress TaskExecution::waitBeforeRetry(Frame& frame) {
    const StepId step{m_environment.firstExtraStep.value +
                      static_cast<std::uint32_t>(ExtraStep::Retry)};
    enter(frame, State::Failed, {});
    enter(frame, State::Retrying, step);
    frame.isRunning = false;
    m_hooks.beginBlocking(frame.task.id);
    const bool isOver = m_environment.objects.sleepUntil(
        monotonicNow() + delayBeforeRetry(frame.task, frame.tryIndex));
    return isOver && m_hooks.endBlocking(frame.task.id, step) ? Progress::Ok : Progress::Cancelled;
}

// --- steps that wait for other tasks -----------------------------------------------------------

Progress TaskExecution::pass(Frame& frame, const Action& action) {
    SharedObjects& objects = m_environment.objects;
    const TaskId task = frame.task.id;
    Passage passage;
    passage.deadlineNs = frame.limitNs;
    if (objects.enter(task, action, passage)) {
        recordPassage(frame, action, passage);
        return Progress::Ok;
    }
    enter(frame, waitingStateOf(action), action.step, action.object);
    frame.isRunning = false;
    const Nanoseconds beganNs = monotonicNow();
    m_hooks.beginBlocking(task);
    objects.wait(task, action, passage);
    if (passage.isCancelled) {
        return Progress::Cancelled;
    }
    recordPassage(frame, action, passage);
    readySince(frame, passage.readySinceNs, beganNs, action.step);
    if (!m_hooks.endBlocking(task, action.step)) {
        return Progress::Cancelled;
    }
    resume(frame, action.step);
    return Progress::Ok;
}

void TaskExecution::recordPassage(Frame& frame, const Action& action, const Passage& passage) {
    const TaskId task = frame.task.id;
    switch (action.kind) {
    case Action::Kind::Acquire:
        m_writer.acquired(task, action.object, passage.how);
        if (m_environment.program.object(action.object).kind == scenario::ObjectKind::Lock) {
            frame.lockedByUs.push_back(action.object);
        }
        return; // a hand-over is seen from the two lock events
    case Action::Kind::Get:
        m_writer.emit(EventKind::QueueGot, passage.item, action.object.value);
        return; // a delivery is seen from the two queue events
    case Action::Kind::Put:
        m_writer.emit(EventKind::QueuePut, passage.item, action.object.value);
        break;
    default:
        break;
    }
    if (passage.readySinceNs != 0 && passage.waker) {
        m_writer.emitAt(m_writer.stampOfMonotonic(passage.readySinceNs), EventKind::Woken,
                        task.value, passage.waker.value);
    }
}

void TaskExecution::release(Frame& frame, ObjectId object) {
    const auto ours = std::find(frame.lockedByUs.rbegin(), frame.lockedByUs.rend(), object);
    if (ours != frame.lockedByUs.rend()) {
        frame.lockedByUs.erase(std::next(ours).base());
    }
    m_writer.released(frame.task.id, object);
    m_environment.objects.release(frame.task.id, object);
}

void TaskExecution::spawn(Frame& frame, const Action& action) {
    for (const TaskId child : action.tasks) {
        if (m_environment.objects.phase(child) != TaskPhase::Unborn) {
            continue; // an earlier try of this task has spawned it
        }
        m_writer.emit(EventKind::Spawned, child.value, frame.task.id.value);
        m_writer.state(child, State::Queued, StateDetail{{}, {}, true});
        m_environment.objects.markSubmitted(child);
        m_hooks.submit(child, frame.task.id);
    }
}

Progress TaskExecution::await(Frame& frame, const Action& action) {
    SharedObjects& objects = m_environment.objects;
    const TaskId task = frame.task.id;
    Passage passage;
    passage.deadlineNs = frame.limitNs;
    if (objects.enter(task, action, passage)) {
        return Progress::Ok;
    }
    enter(frame, State::Suspended, action.step, {}, m_hooks.awaitFreesWorker());
    frame.isRunning = false;
    const Nanoseconds beganNs = monotonicNow();
    m_hooks.beginBlocking(task);
    m_hooks.await(task, action, objects, passage);
    if (passage.isCancelled) {
        return Progress::Cancelled;
    }
    recordPassage(frame, action, passage);
    if (!m_hooks.awaitFreesWorker()) {
        readySince(frame, passage.readySinceNs, beganNs, action.step);
    }
    if (!m_hooks.endBlocking(task, action.step)) {
        return Progress::Cancelled;
    }
    resume(frame, action.step);
    return Progress::Ok;
}

// --- recording ---------------------------------------------------------------------------------

void TaskExecution::enter(const Frame& frame, State state, StepId step, ObjectId object,
                          bool isDetached) {
    m_writer.state(frame.task.id, state, StateDetail{object, step, isDetached});
}

void TaskExecution::resume(Frame& frame, StepId step) {
    if (frame.isRunning && frame.step == step) {
        return;
    }
    frame.isRunning = true;
    frame.step = step;
    enter(frame, State::Running, step);
}

void TaskExecution::readySince(const Frame& frame, Nanoseconds sinceNs, Nanoseconds waitBeganNs,
                               StepId step) {
    const Nanoseconds readyNs = std::max(sinceNs, waitBeganNs);
    if (monotonicNow() - readyNs > kReadyWorthShowingNs) {
        m_writer.emitAt(m_writer.stampOfMonotonic(readyNs), kindOf(State::Ready),
                        frame.task.id.value, StateDetail{{}, step, false}.pack());
    }
}

} // namespace interleave::models
