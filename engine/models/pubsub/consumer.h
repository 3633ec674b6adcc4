// SPDX-License-Identifier: GPL-3.0-or-later
// Consumer: a thread that takes the messages of one queue and executes the tasks that they bring
// about. One connection with one channel; what its tasks publish goes over a second one.
//
// When its connection is cut it gives up what it does, as if its host had vanished: with manual
// acknowledgements everything that it held comes back and runs again; with automatic ones it is
// lost.
#pragma once

#include "engine/models/pubsub/bell.h"
#include "engine/models/pubsub/publisher.h"
#include "engine/models/pubsub/pubsub_link.h"

#include <atomic>
#include <deque>
#include <memory>
#include <string>

namespace interleave::models {

struct ConsumerPlan {
    ObjectId queue;
    std::string name; // of the thread: "emails 1"
    bool isAutoAck = false;
};

class Consumer {
public:
    Consumer(PubsubShared& shared, ConsumerPlan plan, Bell bell);
    ~Consumer();

    /// The thread's body; returns when finish() was called or the run is over.
    void main();

    // Any thread:
    const std::string& name() const { return m_name; }
    bool isAtWork() const { return m_isAtWork.load(std::memory_order_relaxed); }
    void cut();
    void slowDown(Nanoseconds byNs) { m_slowNs.store(byNs, std::memory_order_relaxed); }
    /// The run has no more for it.
    void finish();
    void wake() { m_bell.ring(); }
    /// Asks it to look whether its queue is empty, at the broker; true once it has found nothing
    /// there since it was asked for the `request`th time.
    void lookForMore(std::uint64_t request) { m_asked.store(request); }
    bool foundNothing(std::uint64_t request) const { return m_foundNothing.load() == request; }

private:
    class Hooks;
    /// A message in hand.
    struct Held {
        broker::Delivery delivery;
        std::uint32_t number = 0;
        TaskId task;
    };

    bool isEnding() const { return m_isFinished.load() || m_shared.isOver(); }
    bool subscribe();
    void receive(Nanoseconds waitNs);
    void take(broker::Delivery delivery);
    void lookAgain();
    void work();
    void conclude(const Held& held, State end, std::uint32_t tryIndex);
    void succeed(const Held& held);
    void failTry(const Held& held, std::uint32_t tryIndex);
    void retry(const Held& held, std::uint32_t tryIndex, bool goesRound);
    void giveUp(const Held& held, bool goesRound);
    void comesBack(const Held& held, bool isFailed);
    bool acknowledge(const Held& held);
    bool refuse(const Held& held);
    void retire(TaskId task, State end);
    void breakConnection();
    void loseConnection(const Error& error);
    void letGo(bool isBroken);
    void endSubscription();
    bool sleepUntil(Nanoseconds monotonicNs);

    PubsubShared& m_shared;
    const ObjectId m_queue;
    const std::string m_name;
    const bool m_isAutoAck;
    Bell m_bell;
    std::atomic<bool> m_isAtWork{false};
    std::atomic<bool> m_isCut{false};
    std::atomic<bool> m_isFinished{false};
    std::atomic<Nanoseconds> m_slowNs{0};
    std::atomic<std::uint64_t> m_asked{0};
    std::atomic<std::uint64_t> m_foundNothing{0};
    // Of the thread itself:
    PubsubLink m_link;
    record::Writer m_writer;
    std::unique_ptr<Hooks> m_hooks;
    std::unique_ptr<Publisher> m_publisher;
    std::unique_ptr<TaskExecution> m_execution;
    std::unique_ptr<WorkEnvironment> m_environment;
    std::deque<Held> m_held;
    bool m_isSubscribed = false;
};

} // namespace interleave::models
