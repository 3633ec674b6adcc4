// SPDX-License-Identifier: GPL-3.0-or-later
// ComputePool: threads that take the event loop's compute steps, first come, first served.
#pragma once

#include "engine/models/event_loop/compute_offload.h"
#include "engine/models/model.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace interleave::models {

class ComputePool final : public ComputeOffload {
public:
    /// Starts context.workers threads. The loop outlives the pool.
    ComputePool(const RunContext& context, Loop& loop);
    ~ComputePool() override;

    void submit(LoopTask& task, const scenario::Action& action) override;

private:
    struct Job {
        LoopTask* task = nullptr;
        const scenario::Action* action = nullptr;
    };

    void work(const std::stop_token& stop, int number);
    void execute(const Job& job, record::Writer& writer, const std::stop_token& stop);
    void showLevel(record::Writer& writer) const;

    const RunContext& m_context;
    Loop& m_loop;
    std::mutex m_mutex; // guards m_jobs
    std::condition_variable_any m_hasJobs;
    std::deque<Job> m_jobs;
    std::vector<std::jthread> m_threads;
};

} // namespace interleave::models
