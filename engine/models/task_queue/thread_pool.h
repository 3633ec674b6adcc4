// SPDX-License-Identifier: GPL-3.0-or-later
// ThreadPool: threads that take jobs from one queue, as those of Celery's thread pool. They tell
// the node what they did through a list of notes, and wake it only if it sleeps: with many small
// tasks both sides work through batches.
//
// Thread: the node's, but for what the slots do themselves.
#pragma once

#include "engine/models/blocking/task_execution.h"
#include "engine/models/blocking/thread.h"
#include "engine/models/task_queue/pool.h"
#include "engine/models/task_queue/queue_board.h"
#include "engine/models/task_queue/settings.h"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace interleave::models {

class ThreadPool final : public Pool {
public:
    ThreadPool(const RunContext& context, SharedObjects& objects, QueueBoard& board, int stopFd,
               const NodePlan& plan);
    ~ThreadPool() override;

    std::uint32_t slotCount() const override { return m_plan.slotCount; }
    bool hasRoom() const override;
    void give(Job& job, PoolClient& client) override;
    void wakeSlots() override;
    std::vector<Job*> recall() override;
    bool abort(Job&) override { return false; } // nobody can end a thread from outside
    void addFds(std::vector<pollfd>& fds) const override;
    Result<void> serve(PoolClient& client, std::size_t waiting) override;
    std::optional<Nanoseconds> nextDueNs() const override;
    void setDelay(std::uint32_t delayUs) override { m_delayUs = delayUs; }
    void close(Nanoseconds graceNs) override;

private:
    /// What a slot did, in order.
    struct Note {
        enum class Kind : std::uint8_t { Started, Spawned, Ended } kind = Kind::Started;
        Job* job = nullptr;
        TaskId task{};
        State end = State::Done;
        std::vector<std::byte> frame{};
        bool isLast = false;
    };
    class Hooks;

    void slotMain(std::uint32_t index);
    void execute(Job& job, TaskExecution& execution, QueueBoard::SlotEntry& entry);
    Job* take();
    void tell(Note note);

    const RunContext& m_context;
    SharedObjects& m_objects;
    QueueBoard& m_board;
    NodePlan m_plan;
    WorkEnvironment m_environment;
    std::atomic<std::uint32_t> m_delayUs{0};
    int m_wakeFd = -1;
    std::vector<Thread> m_threads;
    bool m_isShort = false;    // the system refused a thread; said once
    std::vector<Job*> m_given; // since slots were woken last

    mutable std::mutex m_mutex; // guards everything below
    std::condition_variable m_changed;
    std::deque<Job*> m_queue;
    std::size_t m_idle = 0; // slots that wait for a job and have not been woken
    std::vector<Note> m_notes;
    mutable bool m_isNodeWaiting = false; // else it looks before it waits
    bool m_isSignalled = false;           // the descriptor is readable
    bool m_isClosed = false;
};

} // namespace interleave::models
