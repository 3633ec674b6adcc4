// SPDX-License-Identifier: GPL-3.0-or-later
// TaskCoroutines: a task's steps as a coroutine. Whatever has to wait awaits and lets others run;
// compute steps (without an offload) and blocking steps don't.
#pragma once

#include "engine/models/event_loop/compute_offload.h"
#include "engine/models/event_loop/connections.h"
#include "engine/models/event_loop/loop_objects.h"
#include "engine/models/model.h"

#include <functional>

namespace interleave::models {

/// What the coroutines use; all of it outlives them.
struct LoopServices {
    const RunContext& context;
    Loop& loop;
    LoopObjects& objects;
    Connections& connections;
    ComputeOffload* offload = nullptr; // none: compute steps run on the loop
    int stopFd = -1;                   // readable when the run is to stop
    std::function<void(TaskId child, LoopTask& parent)> spawn;
    /// The number of these tasks that have not ended; each will tell `waiter` when it does.
    std::function<std::uint32_t(const std::vector<TaskId>& tasks, LoopTask& waiter)> watch;
    std::function<void(LoopTask&)> onWait; // a task begins to await others
    std::function<void(const std::string& message)> complain;
};

class TaskCoroutines {
public:
    explicit TaskCoroutines(LoopServices services)
        : m_services(std::move(services)) {}

    /// The task with its retries; its value is done, failed or cancelled, not recorded yet.
    Coroutine<State> perform(LoopTask& task);

private:
    Coroutine<State> tryOnce(LoopTask& task, std::uint32_t attempt);
    Coroutine<State> retryDelay(LoopTask& task, std::uint32_t failedTry);
    Coroutine<State> io(LoopTask& task, const scenario::Action& action);
    State ioBlocking(LoopTask& task, const scenario::Action& action);
    State sleepBlocking(LoopTask& task, const scenario::Action& action);
    State compute(const scenario::Action& action);
    State ioFailed(const std::string& message);
    bool isStopped() const { return m_services.context.stop.stop_requested(); }

    LoopServices m_services;
    scenario::LoopbackClient m_blockingClient;
};

} // namespace interleave::models
