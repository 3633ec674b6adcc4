// SPDX-License-Identifier: GPL-3.0-or-later
// What a consumer adds to the execution of a task.
#pragma once

#include "engine/models/pubsub/consumer.h"
#include "engine/models/sync/futex.h"

#include <span>

namespace interleave::models {

class Consumer::Hooks final : public ExecutionHooks {
public:
    explicit Hooks(Consumer& consumer)
        : m_consumer(consumer) {}

    void submit(TaskId child, TaskId) override {
        m_consumer.m_shared.run.push(std::span(&child, 1), m_consumer.m_writer);
    }
    Progress publish(TaskId task, const scenario::Action& action) override {
        return m_consumer.m_publisher->publish(task, action);
    }
    bool mayGoOn(TaskId) override { return !m_consumer.m_isCut.load(std::memory_order_relaxed); }
    bool sleepUntil(TaskId, Nanoseconds monotonicNs, const SharedObjects&) override {
        return m_consumer.sleepUntil(monotonicNs);
    }
    /// Messages that come meanwhile are taken in and shown as reserved.
    bool checkPoint(TaskId, StepId) override {
        if (m_consumer.m_shared.options.prefetch == 1) {
            return false; // none can come
        }
        const Nanoseconds nowNs = monotonicNow();
        if (nowNs >= m_nextLookNs) {
            m_consumer.receive(0);
            m_nextLookNs = nowNs + kLookPeriodNs;
        }
        return false;
    }

private:
    static constexpr Nanoseconds kLookPeriodNs = 1'000'000;

    Consumer& m_consumer;
    Nanoseconds m_nextLookNs = 0;
};

} // namespace interleave::models
