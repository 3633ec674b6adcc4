// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/task_coroutines.h"

#include "engine/models/sync/futex.h"

#include <asio/steady_timer.hpp>

#include <chrono>
#include <poll.h>

namespace interleave::models {

namespace {

using scenario::Action;

/// Waits for a timer; the task is ready from the deadline on.
class TimerWait {
public:
    TimerWait(Loop& loop, LoopTask& task, Nanoseconds length, State state)
        : m_loop(loop)
        , m_task(task)
        , m_length(length)
        , m_state(state)
        , m_timer(loop.io()) {}

    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> where) {
        m_loop.suspend(m_task, where, m_state); // first: no wait is shorter than was asked for
        const Nanoseconds deadline = monotonicNow() + m_length;
        m_timer.expires_at(
            std::chrono::steady_clock::time_point(std::chrono::nanoseconds(deadline)));
        m_loop.expect();
        m_timer.async_wait([this, deadline](const asio::error_code&) {
            m_loop.arrived();
            m_loop.makeReady(m_task, m_loop.writer().stampOfMonotonic(deadline));
        });
    }
    void await_resume() {}

private:
    Loop& m_loop;
    LoopTask& m_task;
    Nanoseconds m_length;
    State m_state;
    asio::steady_timer m_timer;
};

struct Yield {
    Loop& loop;
    LoopTask& task;

    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> where) { loop.yield(task, where); }
    void await_resume() {}
};

struct Offloaded {
    Loop& loop;
    ComputeOffload& offload;
    LoopTask& task;
    const Action& action;

    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> where) {
        task.announce = Announce::Running; // the pool records when the task became ready again
        loop.expect();
        loop.suspend(task, where, State::Queued);
        offload.submit(task, action);
        loop.restamp();
    }
    void await_resume() {}
};

struct TasksEnded {
    LoopServices& services;
    LoopTask& task;
    const Action& action;

    bool await_ready() { return services.watch(action.tasks, task) == 0; }
    void await_suspend(std::coroutine_handle<> where) {
        task.waitsFor = &action;
        services.loop.suspend(task, where, State::Suspended);
        services.onWait(task);
    }
    void await_resume() {}
};

bool strikes(const Action& action, std::uint32_t attempt) {
    return attempt < action.strikes.size() ? action.strikes[attempt] : action.strikes.back();
}

} // namespace

Coroutine<State> TaskCoroutines::perform(LoopTask& task) {
    for (std::uint32_t attempt = 0;; ++attempt) {
        auto oneTry = tryOnce(task, attempt);
        const State end = co_await oneTry;
        if (end != State::Failed || attempt >= task.task->retries) {
            co_return end;
        }
        auto delay = retryDelay(task, attempt);
        co_await delay;
    }
}

Coroutine<State> TaskCoroutines::retryDelay(LoopTask& task, std::uint32_t failedTry) {
    Loop& loop = m_services.loop;
    loop.show(task, State::Failed, task.step);
    task.step = extraStep(m_services.context, ExtraStep::Retry);
    TimerWait wait(loop, task, delayBeforeRetry(*task.task, failedTry), State::Retrying);
    co_await wait;
    co_return State::Done;
}

Coroutine<State> TaskCoroutines::tryOnce(LoopTask& task, std::uint32_t attempt) {
    Loop& loop = m_services.loop;
    LoopObjects& objects = m_services.objects;
    State end = State::Done;
    for (const Action& action : task.task->actions) {
        switch (action.kind) {
        case Action::Kind::Compute:
            if (m_services.offload != nullptr) {
                task.step = action.step;
                Offloaded offloaded{loop, *m_services.offload, task, action};
                co_await offloaded;
                end = isStopped() ? State::Cancelled : State::Done;
            } else {
                loop.enter(task, action.step);
                end = compute(action);
            }
            break;
        case Action::Kind::Io:
            loop.enter(task, action.step);
            if (action.isBlocking) {
                end = ioBlocking(task, action);
            } else {
                auto exchange = io(task, action);
                end = co_await exchange;
            }
            break;
        case Action::Kind::Sleep:
            task.step = action.step;
            if (action.isBlocking) {
                end = sleepBlocking(task, action);
            } else if (action.durationNs == 0) {
                Yield yield{loop, task};
                co_await yield;
            } else {
                TimerWait wait(loop, task, action.durationNs, State::Sleeping);
                co_await wait;
            }
            break;
        case Action::Kind::Acquire:
        case Action::Kind::Barrier:
        case Action::Kind::Put:
        case Action::Kind::Get: {
            task.step = action.step;
            PassObject pass{objects, task, action};
            co_await pass;
            break;
        }
        case Action::Kind::Release:
            objects.release(task, action.object);
            break;
        case Action::Kind::Spawn:
            for (const TaskId child : action.tasks) {
                m_services.spawn(child, task);
            }
            break;
        case Action::Kind::Await: {
            task.step = action.step;
            TasksEnded ended{m_services, task, action};
            co_await ended;
            break;
        }
        case Action::Kind::Fail:
            end = strikes(action, attempt) ? State::Failed : State::Done;
            break;
        case Action::Kind::Publish:
        case Action::Kind::Crash:
            end = State::Failed; // canRun() refuses both
            break;
        }
        if (end != State::Done) {
            objects.releaseLocks(task);
            co_return end;
        }
    }
    co_return State::Done;
}

Coroutine<State> TaskCoroutines::io(LoopTask& task, const Action& action) {
    auto exchange = m_services.connections.exchange(task, action.durationNs, action.bytes);
    const Result<void> outcome = co_await exchange;
    co_return outcome ? State::Done : ioFailed(outcome.error().message);
}

State TaskCoroutines::compute(const Action& action) {
    const std::uint64_t slices =
        m_services.context.speed.slicesFor(action.kernel, action.durationNs);
    const bool isWhole = scenario::compute(action.kernel, slices, [this] { return !isStopped(); });
    return isWhole ? State::Done : State::Cancelled;
}

State TaskCoroutines::ioBlocking(LoopTask& task, const Action& action) {
    Loop& loop = m_services.loop;
    if (const auto sent =
            m_blockingClient.send(m_services.context.loopback, action.durationNs, action.bytes);
        !sent) {
        return ioFailed(sent.error().message);
    }
    loop.blockLoop(task, State::WaitingIo);
    const auto isThere = m_blockingClient.waitForAnswer(m_services.stopFd);
    const std::uint64_t awake = loop.writer().now();
    if (isThere && !*isThere) {
        return State::Cancelled;
    }
    const auto answer =
        isThere ? m_blockingClient.receive(m_services.stopFd)
                : Result<scenario::LoopbackClient::Answer>(std::unexpected(isThere.error()));
    loop.unblockLoop(task, answer ? loop.writer().stampOfMonotonic(answer->sentNs) : awake, awake);
    if (!answer) {
        return ioFailed(answer.error().message);
    }
    return answer->isStopped ? State::Cancelled : State::Done;
}

State TaskCoroutines::sleepBlocking(LoopTask& task, const Action& action) {
    Loop& loop = m_services.loop;
    const Nanoseconds deadline = monotonicNow() + action.durationNs;
    loop.blockLoop(task, State::Sleeping);
    pollfd stop{m_services.stopFd, POLLIN, 0};
    for (Nanoseconds left = action.durationNs; left > 0; left = deadline - monotonicNow()) {
        const timespec timeout{left / 1'000'000'000, left % 1'000'000'000};
        if (ppoll(&stop, 1, &timeout, nullptr) > 0) {
            return State::Cancelled;
        }
    }
    loop.unblockLoop(task, loop.writer().stampOfMonotonic(deadline), loop.writer().now());
    return State::Done;
}

State TaskCoroutines::ioFailed(const std::string& message) {
    m_services.complain(message);
    return State::Failed;
}

} // namespace interleave::models
