// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/loop.h"

#include <asio/post.hpp>

#include <algorithm>
#include <utility>

namespace interleave::models {

namespace {

using record::StateDetail;

// While tasks are ready, sockets and timers are asked at most this often: the question is a system
// call, a bare switch is not. Ready times stay true, they don't depend on when the loop asks.
constexpr double kPollIntervalNs = 10'000;

std::uint32_t attached(const LoopTask& task) {
    return StateDetail{{}, task.step, false}.pack();
}

std::uint32_t detached(const LoopTask& task, ObjectId object = {}) {
    return StateDetail{object, task.step, true}.pack();
}

} // namespace

Loop::Loop(record::Writer& writer, const record::Clock& clock)
    : m_writer(writer)
    , m_clock(clock.kind)
    , m_pollInterval(static_cast<std::uint64_t>(kPollIntervalNs / clock.nsPerTick)) {}

void Loop::makeReady(LoopTask& task, std::uint64_t stamp) {
    task.readyStamp = stamp;
    task.waitsFor = nullptr;
    m_ready.push(&task);
}

void Loop::suspend(LoopTask& task, std::coroutine_handle<> where, State state, ObjectId object) {
    m_stamp = m_writer.now();
    task.innermost = where;
    task.suspendedStamp = m_stamp;
    m_writer.emitAt(m_stamp, record::kindOf(state), task.id().value, detached(task, object));
}

void Loop::yield(LoopTask& task, std::coroutine_handle<> where) {
    m_stamp = m_writer.now();
    task.innermost = where;
    task.suspendedStamp = m_stamp;
    makeReady(task, m_stamp);
}

void Loop::showReady(LoopTask& task, std::uint64_t stamp) {
    const std::uint64_t ready = std::clamp(stamp, task.suspendedStamp, m_stamp);
    m_writer.emitAt(ready, record::kindOf(State::Ready), task.id().value, detached(task));
    m_writer.emitAt(m_stamp, record::kindOf(State::Running), task.id().value, attached(task));
}

void Loop::enter(LoopTask& task, StepId step) {
    if (task.step != step) {
        task.step = step;
        m_writer.emit(record::kindOf(State::Running), task.id().value, attached(task));
    }
}

void Loop::blockLoop(LoopTask& task, State state) {
    m_stamp = m_writer.now();
    task.suspendedStamp = m_stamp;
    m_writer.emitAt(m_stamp, record::kindOf(state), task.id().value, attached(task));
}

void Loop::unblockLoop(LoopTask& task, std::uint64_t ready, std::uint64_t awake) {
    m_stamp = std::max(awake, task.suspendedStamp);
    m_writer.emitAt(std::clamp(ready, task.suspendedStamp, m_stamp), record::kindOf(State::Ready),
                    task.id().value, attached(task));
    m_writer.emitAt(m_stamp, record::kindOf(State::Running), task.id().value, attached(task));
}

void Loop::postReady(LoopTask& task) {
    asio::post(m_io, [this, &task] {
        arrived();
        makeReady(task, 0);
    });
}

bool Loop::poll() {
    if (hasReady()) {
        if (record::readTicks(m_clock) < m_nextPoll) {
            return true;
        }
        m_io.restart();
        m_io.poll();
    } else {
        showLevel(m_stamp);
        if (m_expected == 0) {
            return false;
        }
        m_io.restart();
        m_io.run_one();
        m_io.poll();
    }
    m_stamp = m_writer.now();
    m_nextPoll = record::readTicks(m_clock) + m_pollInterval;
    showLevel(m_stamp);
    return true;
}

LoopTask& Loop::resumeNext() {
    LoopTask& task = *m_ready.pop();
    showLevel(m_stamp);
    switch (std::exchange(task.announce, Announce::ReadyAndRunning)) {
    case Announce::ReadyAndRunning:
        showReady(task, task.readyStamp);
        break;
    case Announce::Running:
        m_writer.emitAt(m_stamp, record::kindOf(State::Running), task.id().value, attached(task));
        break;
    case Announce::Nothing:
        break;
    }
    task.innermost.resume();
    return task;
}

void Loop::show(LoopTask& task, State state, StepId step) {
    m_stamp = m_writer.now();
    task.step = step;
    m_writer.emitAt(m_stamp, record::kindOf(state), task.id().value, attached(task));
}

void Loop::showLevel(std::uint64_t stamp) {
    if (m_ready.size() != m_shownLevel) {
        m_shownLevel = m_ready.size();
        m_writer.emitAt(stamp, record::EventKind::Level, kReadyQueueCounter,
                        static_cast<std::uint32_t>(m_shownLevel));
    }
}

} // namespace interleave::models
