// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kitchen_run.h"

#include <algorithm>
#include <string>

namespace interleave::support {

using record::EventKind;

KitchenRun::KitchenRun(std::size_t tasks, int rounds)
    : m_rounds(rounds) {
    m_manifest.info.scenario = "kitchen";
    m_manifest.info.model = "threads";
    m_manifest.objects = {{"stove", "lock", 1},
                          {"GIL", "gil", 1},
                          {"permits", "semaphore", 2},
                          {"orders", "queue", 4}};
    m_manifest.steps = {"chop", "bake"};
    m_manifest.counters = {"ready queue"};
    for (std::size_t i = 0; i < tasks; ++i) {
        m_manifest.tasks.push_back({"dish " + std::to_string(i), "dish"});
    }
    m_streams.resize(1 + kWorkers + 2);
    m_streams[0].info = {.role = record::StreamRole::Control, .name = "control"};
    for (std::uint32_t w = 0; w < kWorkers; ++w) {
        m_streams[1 + w].info = {.role = record::StreamRole::Worker,
                                 .name = "worker " + std::to_string(w)};
    }
    m_streams[1 + kWorkers].info = {.role = record::StreamRole::Kernel, .name = "kernel"};
    m_streams[2 + kWorkers].info = {.role = record::StreamRole::Sampler, .name = "sampler"};
    for (std::uint32_t i = 0; i < m_streams.size(); ++i) {
        m_streams[i].pid = 7;
        m_streams[i].tid = 10 + i;
    }
    play();
}

void KitchenRun::emit(std::uint32_t stream, EventKind kind, std::uint32_t a, std::uint32_t b) {
    m_streams[stream].events.push_back({m_now, a, b, kind});
}

void KitchenRun::state(std::uint32_t w, State next, std::uint32_t object) {
    emit(1 + w, record::kindOf(next), m_workers[w].task,
         record::StateDetail{.object = ObjectId{object}, .step = StepId{1}}.pack());
}
void KitchenRun::moveCores() {
    const std::uint32_t kernel = 1 + kWorkers;
    const std::uint32_t w = static_cast<std::uint32_t>(m_random() % kWorkers);
    Worker& worker = m_workers[w];
    if (worker.isOnCore) {
        emit(kernel, EventKind::SwitchedOut, 11 + w,
             worker.core | (m_random() % 2 == 0 ? record::kPreempted : 0));
        worker.isOnCore = false;
        return;
    }
    const std::uint32_t core = static_cast<std::uint32_t>(m_random() % 2);
    const bool isTaken = std::ranges::any_of(
        m_workers, [core](const Worker& other) { return other.isOnCore && other.core == core; });
    if (!isTaken) {
        emit(kernel, EventKind::SwitchedIn, 11 + w, core);
        worker.isOnCore = true;
        worker.core = core;
    }
}

void KitchenRun::work(std::uint32_t w) {
    Worker& worker = m_workers[w];
    const std::uint32_t stream = 1 + w;
    switch (worker.step) {
    case 0:
        if (m_next > m_manifest.tasks.size()) {
            return;
        }
        worker.task = m_next++;
        state(w, State::Running);
        worker.step = 1;
        return;
    case 1:
        if (m_stoveHolder != 0) {
            state(w, State::WaitingLock, 1);
            worker.step = 2;
            return;
        }
        [[fallthrough]];
    case 2:
        if (m_stoveHolder != 0) {
            return;
        }
        emit(stream, EventKind::LockAcquired, worker.task,
             1U | static_cast<std::uint32_t>(worker.step == 2 && m_isHandedOver) << 16);
        m_stoveHolder = w + 1;
        state(w, State::Running);
        worker.step = 3;
        return;
    case 3:
        emit(stream, EventKind::LockReleased, worker.task, 1);
        m_stoveHolder = 0;
        m_isHandedOver = true;
        worker.step = 4;
        return;
    case 4:
        if (m_random() % 2 == 0) {
            emit(stream, EventKind::QueuePut, ++m_item, 4);
            m_items.push_back(m_item);
        } else if (!m_items.empty()) {
            emit(stream, EventKind::QueueGot, m_items.front(), 4);
            m_items.erase(m_items.begin());
        }
        state(w, State::WaitingIo);
        worker.step = 5;
        return;
    default:
        emit(stream, EventKind::Woken, worker.task, m_workers[(w + 1) % kWorkers].task);
        ++m_now;
        state(w, State::Running);
        ++m_now;
        if (++worker.round < m_rounds) {
            worker.step = 1;
            return;
        }
        state(w, State::Done);
        worker = {0, 0, 0, worker.isOnCore, worker.core};
    }
}

void KitchenRun::play() {
    for (std::uint32_t i = 0; i < m_streams.size(); ++i) {
        emit(i, EventKind::ThreadStarted, m_streams[i].tid, 0);
    }
    Nanoseconds nextSubmit = m_now;
    Nanoseconds nextSample = m_now + 400 * kStepNs;
    std::uint32_t submitted = 0;
    while (m_next <= m_manifest.tasks.size()) {
        m_now += 1 + static_cast<Nanoseconds>(m_random() % (2 * kStepNs));
        for (; submitted < m_manifest.tasks.size() && m_now >= nextSubmit; ++submitted) {
            emit(0, EventKind::Spawned, submitted + 1, 0);
            ++m_now;
            emit(0, record::kindOf(State::Queued), submitted + 1, 0);
            nextSubmit += 2 * kStepNs;
        }
        if (m_now >= nextSample) {
            const std::uint32_t sampler = 2 + kWorkers;
            for (std::uint32_t core = 0; core < 2; ++core) {
                emit(sampler, EventKind::OtherLoad, core,
                     static_cast<std::uint32_t>(m_random() % 400));
            }
            emit(sampler, EventKind::MemoryRss, 7, static_cast<std::uint32_t>(m_random() % 90000));
            emit(sampler, EventKind::Level, 1, static_cast<std::uint32_t>(m_random() % 5));
            nextSample += 400 * kStepNs;
        }
        const auto w = static_cast<std::uint32_t>(m_random() % kWorkers);
        // A task is begun only after it was submitted.
        if (m_random() % 3 == 0 || (m_workers[w].step == 0 && m_next > submitted)) {
            moveCores();
        } else {
            work(w);
        }
    }
}

} // namespace interleave::support
