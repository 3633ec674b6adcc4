// SPDX-License-Identifier: GPL-3.0-or-later
// MessageLog: what the streams of a session say of messages, in one order. Each step is told by the
// one that knows it first, so two steps of one message may come from two processes, and whoever
// was taken off its core between doing and telling tells late. What can't have come before another
// step (a delivery before its publishing) is moved up to it: nothing is drawn backwards.
#pragma once

#include "engine/collector/task_history.h"
#include "engine/recording/restarts.h"

#include <cstdint>
#include <span>
#include <vector>

namespace interleave::collector {

class MessageLog {
public:
    /// O(n log n) in the number of messages' events.
    static MessageLog build(const std::vector<StreamEvents>& streams, const WorkerTable& workers,
                            const Manifest& manifest, Oddities& oddities);

    /// Of the tasks that messages carry, sorted.
    recording::Restarts restarts() const;
    /// The recording's events, sorted by time. `earlier`: those of the same streams that were made
    /// before, by time; who published what is carried over is looked up in them.
    std::vector<recording::MessageEvent> take(const Occupancy& occupancy,
                                              std::span<const recording::MessageEvent> earlier);

private:
    /// That a message, or one copy of it, executes a task.
    struct Carried {
        std::uint32_t message = 0;
        ObjectId queue{}; // none: every copy of the message
        TaskId task{};
        WorkerId worker{}; // who told
        Nanoseconds ns = 0;
    };

    void assignTasks();
    void assignTasks(std::span<recording::MessageEvent> events, std::span<Carried> carried);

    std::vector<recording::MessageEvent> m_events; // by message, then queue, then order
    std::vector<Carried> m_carried;                // by message
};

} // namespace interleave::collector
