// SPDX-License-Identifier: GPL-3.0-or-later
// Publisher: what a task waits for: confirms, room in a full queue, a reply.
#include "engine/models/pubsub/publisher.h"
#include "engine/models/sync/futex.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

using record::StateDetail;

namespace {

constexpr Nanoseconds kFirstPauseNs = 1'000'000;
constexpr Nanoseconds kLongestPauseNs = 50'000'000;
constexpr Nanoseconds kLongestWaitNs = 1'000'000'000;

} // namespace

Progress Publisher::settle(std::size_t mayStayOpen) {
    const StepId step = extraStep(m_shared.context, ExtraStep::Confirm);
    while (true) {
        const Progress progress =
            waitWhile([&] { return m_window.size() > mayStayOpen && m_link.isUp(); },
                      State::Blocked, {{}, step}, kForEver);
        if (progress != Progress::Ok || (m_refused.empty() && m_unknown.empty())) {
            m_pauseNs = progress == Progress::Ok && m_window.isEmpty() ? 0 : m_pauseNs;
            return progress;
        }
        if (const Progress again = sendAgain(); again != Progress::Ok) {
            return again;
        }
    }
}

Progress Publisher::sendAgain() {
    const std::vector<std::uint32_t> refused = std::exchange(m_refused, {});
    if (!refused.empty()) {
        if (const Progress progress = waitForRoom(*m_shared.table.find(refused.front()));
            progress != Progress::Ok) {
            return progress;
        }
    }
    for (const std::uint32_t number : refused) {
        if (const Progress progress = send(number); progress != Progress::Ok) {
            return progress;
        }
    }
    for (const std::uint32_t number : std::exchange(m_unknown, {})) {
        if (const Progress progress = send(number, true); progress != Progress::Ok) {
            return progress;
        }
    }
    return Progress::Ok;
}

Progress Publisher::waitForRoom(const MessageFacts& facts) {
    const ObjectId queue = refusingQueue(facts);
    if (queue && !m_shared.table.isHandled(queue) &&
        m_shared.table.declarationOf(queue).ttlNs == 0) {
        m_shared.environment.complain(fmt::format(
            "Task \"{}\" failed: the queue \"{}\" is full and nobody takes messages out of it.",
            m_shared.context.program.task(m_task).name,
            m_shared.context.program.object(queue).name));
        return Progress::Failed;
    }
    m_pauseNs = std::clamp(2 * m_pauseNs, kFirstPauseNs, kLongestPauseNs);
    return waitWhile([] { return true; }, State::Blocked, {queue, m_action->step},
                     monotonicNow() + m_pauseNs);
}

Progress Publisher::waitForReply(std::uint32_t number) {
    m_request = number;
    const Nanoseconds untilNs = monotonicNow() + m_shared.options.replyTimeoutNs;
    while (true) {
        const Progress progress = waitWhile([this] { return m_request != 0 && m_link.isUp(); },
                                            State::WaitingIo, {{}, m_action->step}, untilNs);
        if (progress != Progress::Ok || m_request == 0) {
            return progress;
        }
        if (monotonicNow() >= untilNs) {
            m_request = 0;
            m_shared.environment.complain(
                fmt::format("Task \"{}\" failed: no reply came within {} (reply_timeout).",
                            m_shared.context.program.task(m_task).name,
                            formatDuration(m_shared.options.replyTimeoutNs)));
            return Progress::Failed;
        }
        // The queue of the reply went with the connection.
        std::erase(m_unknown, number);
        if (const Progress sent = send(number, true); sent != Progress::Ok) {
            return sent;
        }
    }
}

Progress Publisher::waitWhile(const std::function<bool()>& needed, State state, StateDetail detail,
                              Nanoseconds untilNs) {
    while (handleNext(0)) {
    }
    while (needed() && !isOver()) {
        const Nanoseconds nowNs = monotonicNow();
        if (nowNs >= untilNs) {
            break;
        }
        wait(state, detail);
        handleNext(std::min(untilNs - nowNs, kLongestWaitNs));
    }
    if (isOver()) {
        return overProgress();
    }
    if (m_isWaiting) {
        m_isWaiting = false;
        m_writer.state(m_task, State::Running, {{}, m_action->step});
    }
    return Progress::Ok;
}

void Publisher::wait(State state, StateDetail detail) {
    if (!m_isWaiting) {
        m_isWaiting = true;
        m_writer.state(m_task, state, detail);
    }
}

} // namespace interleave::models
