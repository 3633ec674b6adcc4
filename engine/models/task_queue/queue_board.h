// SPDX-License-Identifier: GPL-3.0-or-later
// QueueBoard: what the control thread and the nodes of a run must know of each other at once, in
// memory that they share (mapped before the nodes are forked, so that they inherit it): which node
// holds which task, which process executes what, and the run's counters. What a node that was
// killed had in hand is read from here.
//
// A task is claimed by one node at a time. A message that comes to another one meanwhile waits
// there until the first has let go of it: so no task is ever executed twice at once, only again.
//
// Thread: any thread of any process that has it mapped.
#pragma once

#include "engine/base/id.h"
#include "engine/base/result.h"

#include <atomic>
#include <cstdint>
#include <span>
#include <sys/types.h>

namespace interleave::models {

class QueueBoard {
public:
    struct TaskEntry {
        std::atomic<std::uint32_t> node{0};      // that holds it; 0: none
        std::atomic<std::uint32_t> message{0};   // the last one that carried it and was claimed
        std::atomic<std::uint32_t> published{0}; // the last one that carries it, claimed or not
        std::atomic<std::uint32_t> executions{0};
        std::atomic<std::uint32_t> isAcked{0}; // that message
        std::atomic<std::uint32_t> isOver{0};  // its result is on its way: nobody executes it again
    };
    /// What executes tasks: a pool child, or a thread (pid 0).
    struct SlotEntry {
        std::atomic<std::int32_t> pid{0};
        std::atomic<std::uint32_t> worker{0}; // its number; 0: nobody is there
        std::atomic<std::uint32_t> task{0};   // that it executes; 0: idle
        std::atomic<std::uint32_t> node{0};
    };
    /// Of task messages, by what came of them.
    struct Counters {
        std::atomic<std::uint64_t> published{0};
        std::atomic<std::uint64_t> acked{0};
        std::atomic<std::uint64_t> rejected{0};
        std::atomic<std::uint64_t> lost{0};
        std::atomic<std::uint64_t> requeued{0};
        std::atomic<std::uint64_t> duplicates{0}; // came again after their tasks had ended
        std::atomic<std::uint64_t> foreign{0};    // none of ours
        std::atomic<std::uint64_t> revoked{0};    // expired
        std::atomic<std::uint64_t> vanished{0};   // with their queue, when the broker restarted
    };

    /// `messagesBefore`: the number before its first message; other hosts count from another one.
    static Result<QueueBoard> create(std::size_t tasks, std::size_t slotCount,
                                     std::uint32_t messagesBefore = 0);
    QueueBoard(QueueBoard&& other) noexcept;
    QueueBoard& operator=(QueueBoard&&) = delete;
    ~QueueBoard();

    TaskEntry& task(TaskId id) const { return m_tasks[id.value - 1]; }
    std::span<SlotEntry> slotEntries() const { return m_slots; }
    Counters& counters() const { return m_head->counters; }
    /// A message number that nobody else gets.
    std::uint32_t takeMessageNumber() const { return ++m_head->lastMessage; }
    std::uint32_t lastMessageNumber() const { return m_head->lastMessage; }
    /// The number of a worker that takes another one's place; those of the first ones are known.
    std::uint32_t takeWorkerNumber() const { return ++m_head->lastWorker; }

private:
    struct Head {
        Counters counters;
        std::atomic<std::uint32_t> lastMessage{0};
        std::atomic<std::uint32_t> lastWorker{0};
    };
    QueueBoard() = default;

    void* m_block = nullptr;
    std::size_t m_bytes = 0;
    Head* m_head = nullptr;
    std::span<TaskEntry> m_tasks;
    std::span<SlotEntry> m_slots;
};

} // namespace interleave::models
