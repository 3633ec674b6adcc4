// SPDX-License-Identifier: GPL-3.0-or-later
// ProcessPool: forked children, as of the model processes, that are given one task after the other.
// A child that dies or is too old is replaced; with autoscale there are as many as work asks for.
#pragma once

#include "engine/models/processes/worker_handle.h"
#include "engine/models/task_queue/pool.h"
#include "engine/models/task_queue/queue_board.h"
#include "engine/models/task_queue/settings.h"

#include <memory>

namespace interleave::models {

class ProcessPool final : public Pool {
public:
    /// `board` has an entry for each slot from the plan's first worker on.
    ProcessPool(const RunContext& context, SharedObjects& objects, QueueBoard& board, int stopFd,
                const QueueSettings& settings, const NodePlan& plan);
    ~ProcessPool() override;

    std::uint32_t slotCount() const override { return m_wanted; }
    bool hasRoom() const override;
    void give(Job& job, PoolClient& client) override;
    std::vector<Job*> recall() override { return {}; }
    bool abort(Job& job) override;
    void addFds(std::vector<pollfd>& fds) const override;
    Result<void> serve(PoolClient& client, std::size_t waiting) override;
    std::optional<Nanoseconds> nextDueNs() const override;
    void setDelay(std::uint32_t delayUs) override { m_delayUs = delayUs; }
    void close(Nanoseconds graceNs) override;

private:
    struct Seat {
        std::unique_ptr<WorkerHandle> worker; // null: nobody, or not yet
        Job* job = nullptr;
        std::uint32_t executed = 0;
        Nanoseconds limitNs = 0; // the child is killed then; 0: never
        Nanoseconds idleSinceNs = 0;
        bool isRetired = false;  // no more tasks, it ends by itself
        bool wasStarted = false; // somebody sat here before: the next one gets another number
        QueueBoard::SlotEntry* entry = nullptr;
    };

    void scale(std::size_t waiting, Nanoseconds nowNs);
    Result<void> startMissing();
    void beginFrame(Seat& seat);
    Result<void> hear(Seat& seat, PoolClient& client);
    Result<void> takeResult(Seat& seat, const Message& message, PoolClient& client);
    Result<void> bury(Seat& seat, PoolClient& client);
    void retire(Seat& seat);
    /// Nobody sits there any more; for somebody whose process has been reaped.
    static void vacate(Seat& seat);
    bool isIdle(const Seat& seat) const;

    const RunContext& m_context;
    SharedObjects& m_objects;
    QueueBoard& m_board;
    QueueSettings m_settings;
    NodePlan m_plan;
    WorkerOrigin m_origin;
    std::vector<Seat> m_seats;
    std::uint32_t m_wanted; // seats that should be taken, the first ones
    std::uint32_t m_delayUs = 0;
    int m_stillbirths = 0;
};

} // namespace interleave::models
