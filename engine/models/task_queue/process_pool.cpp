// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/process_pool.h"

#include "engine/base/check.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

namespace {

constexpr int kMostStillbirths = 3;
// An idle child above the least number is let go after that long.
constexpr Nanoseconds kIdleForNs = 1'000'000'000;
constexpr Nanoseconds kGraceStepNs = 1'000'000;

} // namespace

std::size_t nextOpenFrame(const Job& job, std::size_t frame, const QueueBoard& board) {
    while (frame < job.frames.size() && board.task(job.frames[frame].task).isOver != 0) {
        ++frame;
    }
    return frame;
}

ProcessPool::ProcessPool(const RunContext& context, SharedObjects& objects, QueueBoard& board,
                         int stopFd, const QueueSettings& settings, const NodePlan& plan)
    : m_context(context)
    , m_objects(objects)
    , m_board(board)
    , m_settings(settings)
    , m_plan(plan)
    , m_origin{context, objects, stopFd, StartKind::Fork, -1, true}
    , m_seats(plan.slotCount)
    , m_wanted(settings.leastSlots == 0 ? plan.slotCount
                                        : std::min(settings.leastSlots, plan.slotCount)) {
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
        m_seats[i].entry = &board.slotEntries()[static_cast<std::size_t>(plan.firstWorker - 1) + i];
        m_seats[i].wasStarted = m_seats[i].entry->worker != 0; // by a node that was killed
    }
}

ProcessPool::~ProcessPool() = default;

bool ProcessPool::isIdle(const Seat& seat) const {
    return seat.worker != nullptr && seat.worker->isReady && seat.job == nullptr &&
           !seat.isRetired && !seat.worker->isGone();
}

bool ProcessPool::hasRoom() const {
    return std::ranges::any_of(m_seats, [this](const Seat& seat) { return isIdle(seat); });
}

void ProcessPool::give(Job& job, PoolClient& client) {
    const auto seat =
        std::ranges::find_if(m_seats, [this](const Seat& each) { return isIdle(each); });
    client.started(job);
    seat->job = &job;
    beginFrame(*seat);
}

void ProcessPool::beginFrame(Seat& seat) {
    const Job& job = *seat.job;
    const TaskId task = job.task();
    Message header = headerOf(job.parcel.body, job.frames[job.nextFrame]);
    header.number = m_board.task(task).executions++;
    header.delayUs = m_delayUs;
    m_objects.markStarted(task);
    m_context.control.state(task, State::Transfer,
                            {{}, extraStep(m_context, ExtraStep::Arguments)});
    const Nanoseconds limitNs = deliveryOf(m_context.program, task).hardLimitNs;
    seat.limitNs = limitNs > 0 ? monotonicNow() + limitNs : 0;
    seat.entry->task = task.value;
    seat.worker->task = task;
    seat.worker->send(frameWith(header, job.parcel.body, job.frames[job.nextFrame]));
}

bool ProcessPool::abort(Job& job) {
    const auto seat = std::ranges::find(m_seats, &job, &Seat::job);
    if (seat == m_seats.end()) {
        return false;
    }
    // The seat is empty at once: what the process had still to say lies in its pipe, and would be
    // taken for the answer of whoever is given to the seat next.
    m_context.session.diagnose("task-cut-off", "info", 1,
                               fmt::format("Worker process {} was ended in the middle of task "
                                           "\"{}\", whose message goes to whoever comes: the "
                                           "connection over which it had come was lost.",
                                           seat->worker->number(),
                                           m_context.program.task(job.task()).name));
    seat->worker->killAndReap();
    vacate(*seat);
    return true;
}

void ProcessPool::vacate(Seat& seat) {
    seat.worker.reset();
    seat.job = nullptr;
    seat.limitNs = 0;
    seat.isRetired = false;
    seat.entry->pid = 0;
    seat.entry->task = 0;
}

void ProcessPool::addFds(std::vector<pollfd>& fds) const {
    for (const Seat& seat : m_seats) {
        if (seat.worker != nullptr) {
            fds.push_back({seat.worker->input(), POLLIN, 0});
            if (seat.worker->isSending()) {
                fds.push_back({seat.worker->output(), POLLOUT, 0});
            }
        }
    }
}

Result<void> ProcessPool::serve(PoolClient& client, std::size_t waiting) {
    const Nanoseconds now = monotonicNow();
    for (Seat& seat : m_seats) {
        if (seat.worker == nullptr) {
            continue;
        }
        if (seat.worker->isSending()) {
            seat.worker->sendMore();
        }
        if (auto heard = hear(seat, client); !heard) {
            return heard;
        }
        const bool isTooLong = seat.limitNs != 0 && seat.limitNs <= now && seat.job != nullptr;
        if (isTooLong) {
            m_context.session.diagnose(
                "time-limit", "warning", 1,
                fmt::format("Task \"{}\" was longer than its time limit; its process {} was killed "
                            "and another one takes its place.",
                            m_context.program.task(seat.job->task()).name, seat.worker->number()));
            seat.worker->killAndReap();
            Job& job = *seat.job;
            vacate(seat);
            client.lost(job, PoolClient::Loss::TimeLimit);
        } else if (seat.worker->isGone()) {
            if (auto buried = bury(seat, client); !buried) {
                return buried;
            }
        }
    }
    scale(waiting, now);
    return startMissing();
}

Result<void> ProcessPool::hear(Seat& seat, PoolClient& client) {
    WorkerHandle& worker = *seat.worker;
    while (worker.receiveMore() == WorkerHandle::Received::Next) {
        const Message message = worker.message();
        switch (message.kind) {
        case MessageKind::Ready:
            worker.isReady = true;
            m_stillbirths = 0;
            seat.idleSinceNs = monotonicNow();
            break;
        case MessageKind::Spawned:
            client.spawned(message.task);
            break;
        case MessageKind::Result:
            if (auto taken = takeResult(seat, message, client); !taken) {
                return taken;
            }
            break;
        default:
            return fail(fmt::format("The argument of task \"{}\" did not reach worker process {} "
                                    "as it was sent; this is a fault of this program.",
                                    m_context.program.task(message.task).name, worker.number()));
        }
    }
    return {};
}

Result<void> ProcessPool::takeResult(Seat& seat, const Message& message, PoolClient& client) {
    Job* const job = seat.job;
    CHECK(job != nullptr && message.task == job->task());
    const std::span<const std::byte> payload = seat.worker->payload();
    std::vector<std::byte> frame(sizeof message + payload.size());
    std::ranges::copy(std::as_bytes(std::span(&message, 1)), frame.begin());
    std::ranges::copy(payload, frame.begin() + sizeof message);
    seat.worker->task = {};
    seat.limitNs = 0;
    ++seat.executed;
    const std::size_t next = nextOpenFrame(*job, job->nextFrame + 1, m_board);
    const bool isLast = next == job->frames.size();
    if (isLast) {
        seat.job = nullptr;
        seat.entry->task = 0;
        seat.idleSinceNs = monotonicNow();
    }
    client.ended(*job, message.task, static_cast<State>(message.number), std::move(frame), isLast);
    if (!isLast) {
        job->nextFrame = next;
        beginFrame(seat);
    } else if (m_settings.maxTasksPerChild > 0 && seat.executed >= m_settings.maxTasksPerChild) {
        retire(seat);
    }
    return {};
}

void ProcessPool::retire(Seat& seat) {
    seat.isRetired = true;
    seat.worker->closeInput(); // it ends by itself, and another one comes when it is gone
}

Result<void> ProcessPool::bury(Seat& seat, PoolClient& client) {
    const std::unique_ptr<WorkerHandle> dead = std::move(seat.worker);
    dead->killAndReap();
    Job* const job = seat.job;
    const bool wasRetired = seat.isRetired;
    vacate(seat);
    if (!wasRetired) {
        m_context.session.diagnose("worker-died", "warning", 1,
                                   fmt::format("Worker process {} (pid {}) {}; another one takes "
                                               "its place.",
                                               dead->number(), dead->pidAtStart(),
                                               dead->obituary()));
        if (!dead->isReady && ++m_stillbirths >= kMostStillbirths) {
            return fail(fmt::format("Worker processes don't come up: {} in a row died before they "
                                    "were ready, the last one {}.",
                                    m_stillbirths, dead->obituary()),
                        ErrorKind::MissingPart);
        }
    }
    if (job != nullptr) {
        client.lost(*job, PoolClient::Loss::Killed);
    }
    return {};
}

void ProcessPool::scale(std::size_t waiting, Nanoseconds nowNs) {
    if (m_settings.leastSlots == 0) {
        return;
    }
    if (waiting > 0 && !hasRoom()) {
        const bool areAllThere =
            std::ranges::all_of(m_seats.begin(), m_seats.begin() + m_wanted, [](const Seat& seat) {
                return seat.worker != nullptr && seat.worker->isReady;
            });
        m_wanted += areAllThere && m_wanted < m_plan.slotCount ? 1 : 0;
        return;
    }
    Seat& last = m_seats[m_wanted - 1];
    if (m_wanted > m_settings.leastSlots && isIdle(last) &&
        nowNs - last.idleSinceNs >= kIdleForNs) {
        --m_wanted;
        retire(last);
    }
}

/// One a round: what those that are there have to say is not kept waiting by the rest.
Result<void> ProcessPool::startMissing() {
    for (std::size_t i = 0; i < m_wanted; ++i) {
        Seat& seat = m_seats[i];
        if (seat.worker != nullptr) {
            continue;
        }
        const int number = seat.wasStarted ? static_cast<int>(m_board.takeWorkerNumber())
                                           : m_plan.firstWorker + static_cast<int>(i);
        auto worker = WorkerHandle::start(m_origin, number, {});
        if (!worker) {
            return std::unexpected(worker.error());
        }
        seat.worker = std::make_unique<WorkerHandle>(std::move(*worker));
        seat.executed = 0;
        seat.limitNs = 0;
        seat.wasStarted = true;
        seat.entry->node = static_cast<std::uint32_t>(m_plan.number);
        seat.entry->worker = static_cast<std::uint32_t>(number);
        seat.entry->task = 0;
        seat.entry->pid = seat.worker->pid();
        return {};
    }
    return {};
}

std::optional<Nanoseconds> ProcessPool::nextDueNs() const {
    std::optional<Nanoseconds> due;
    const auto consider = [&due](Nanoseconds atNs) { due = std::min(due.value_or(atNs), atNs); };
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
        const Seat& seat = m_seats[i];
        if (seat.worker == nullptr ? i < m_wanted : seat.worker->isGone()) {
            consider(0); // at once
        }
        if (seat.worker != nullptr && seat.limitNs != 0) {
            consider(seat.limitNs);
        }
    }
    if (m_settings.leastSlots != 0 && m_wanted > m_settings.leastSlots &&
        isIdle(m_seats[m_wanted - 1])) {
        consider(m_seats[m_wanted - 1].idleSinceNs + kIdleForNs);
    }
    return due;
}

void ProcessPool::close(Nanoseconds graceNs) {
    std::erase_if(m_seats, [](const Seat& seat) { return seat.worker == nullptr; });
    for (const Seat& seat : m_seats) {
        seat.worker->closeInput();
    }
    const Nanoseconds graceEndsNs = monotonicNow() + graceNs;
    while (!m_seats.empty() && monotonicNow() < graceEndsNs) {
        std::erase_if(m_seats, [](const Seat& seat) {
            const bool isOver = seat.worker->tryReap();
            if (isOver) {
                seat.entry->pid = 0;
            }
            return isOver;
        });
        if (!m_seats.empty()) {
            const timespec pause{0, kGraceStepNs};
            nanosleep(&pause, nullptr);
        }
    }
    for (Seat& seat : m_seats) {
        seat.worker->killAndReap();
        seat.entry->pid = 0;
    }
    m_seats.clear();
}

} // namespace interleave::models
