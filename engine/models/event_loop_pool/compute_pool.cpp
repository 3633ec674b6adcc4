// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop_pool/compute_pool.h"

#include <fmt/format.h>

#include <system_error>

namespace interleave::models {

ComputePool::ComputePool(const RunContext& context, Loop& loop)
    : m_context(context)
    , m_loop(loop) {
    for (int i = 1; i <= context.workers; ++i) {
        try {
            m_threads.emplace_back([this, i](const std::stop_token& stop) { work(stop, i); });
        } catch (const std::system_error& error) {
            context.session.diagnose(
                "fewer-workers", "warning", m_threads.size(),
                fmt::format("Only {} of {} pool threads could be started ({}); the rest of the "
                            "work was done by those, or by the loop if there are none.",
                            m_threads.size(), context.workers, error.what()));
            return;
        }
    }
}

ComputePool::~ComputePool() {
    for (std::jthread& thread : m_threads) {
        thread.request_stop();
    }
}

void ComputePool::submit(LoopTask& task, const scenario::Action& action) {
    if (m_threads.empty()) {
        execute({&task, &action}, m_loop.writer(), std::stop_token());
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back({&task, &action});
        showLevel(m_loop.writer());
    }
    m_hasJobs.notify_one();
}

void ComputePool::work(const std::stop_token& stop, int number) {
    record::Writer writer =
        m_context.session.openStream({record::StreamRole::Worker, m_context.session.clock().kind,
                                      fmt::format("pool worker {}", number)});
    while (true) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            if (!m_hasJobs.wait(lock, stop, [this] { return !m_jobs.empty(); })) {
                return;
            }
            job = m_jobs.front();
            m_jobs.pop_front();
            showLevel(writer);
        }
        execute(job, writer, stop);
    }
}

void ComputePool::execute(const Job& job, record::Writer& writer, const std::stop_token& stop) {
    const TaskId task = job.task->id();
    const scenario::Action& action = *job.action;
    writer.state(task, State::Running, {{}, action.step});
    const bool isWhole = scenario::compute(
        action.kernel, m_context.speed.slicesFor(action.kernel, action.durationNs),
        [&] { return !m_context.stop.stop_requested() && !stop.stop_requested(); });
    writer.state(task, State::Ready, {{}, action.step, true});
    if (isWhole) {
        m_loop.postReady(*job.task);
    }
}

void ComputePool::showLevel(record::Writer& writer) const {
    writer.emit(record::EventKind::Level, kPoolQueueCounter,
                static_cast<std::uint32_t>(m_jobs.size()));
}

} // namespace interleave::models
