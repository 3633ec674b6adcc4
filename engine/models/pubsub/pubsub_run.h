// SPDX-License-Identifier: GPL-3.0-or-later
// PubsubRun: one run of the model: the broker and its topology, a pool of publishers, the consumers
// of every queue that a task handles, the faults, and the end: when everything is accounted for.
//
// A handler task ends when its message has been worked off, or when none can come any more: its
// publisher has ended, no consumer has anything in hand, and no copy lies where it could still come
// from. The memory broker tells where copies lie. RabbitMQ does not tell what expired or was pushed
// out of a full queue: there copies that should be somewhere, while the queues are empty and their
// consumers have nothing, are taken for gone (see VanishedWatch).
#pragma once

#include "engine/models/faults/broker_control.h"
#include "engine/models/faults/fault_schedule.h"
#include "engine/models/pubsub/consumer.h"
#include "engine/models/pubsub/pubsub_shared.h"
#include "engine/models/pubsub/vanished_watch.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace interleave::broker {
class MemoryBroker;
}

namespace interleave::models {

class PubsubRun {
public:
    explicit PubsubRun(const RunContext& context);
    ~PubsubRun();

    Result<RunOutcome> execute();

private:
    class PublisherHooks;

    Result<void> begin(ThreadRun& run, RunStop& stop, const WorkEnvironment& environment);
    Result<void> startConsumers();
    Nanoseconds look();
    bool isSettled();
    void cancelUnreachable();
    void wakeConsumers();
    Result<void> end();
    void settle();
    bool areQueuesAsBooked(broker::Connection& connection) const;
    void sayAccounts(bool isVerified);
    void sayWhatNeverCame();
    TaskId firstGone() const;

    static FaultSchedule faultsOf(const RunContext& context);
    void strikeDue(Nanoseconds nowNs);
    Result<void> strike(const scenario::Fault& fault, Nanoseconds nowNs);
    std::optional<std::size_t> consumerFor(const scenario::Fault& fault) const;

    const RunContext& m_context;
    const PubsubOptions m_options;
    const MessageTable m_table;
    const bool m_isMemory;
    const Topology m_topology;
    FaultSchedule m_faults;
    std::unique_ptr<broker::Broker> m_broker;
    broker::MemoryBroker* m_memory = nullptr; // if it is that one
    std::unique_ptr<MessageBook> m_book;
    std::unique_ptr<RunTrouble> m_trouble;
    std::unique_ptr<PubsubShared> m_shared;
    std::unique_ptr<PubsubLink> m_link; // the control thread's own
    std::unique_ptr<VanishedWatch> m_vanished;
    std::mutex m_consumersMutex; // guards the growing of m_consumers against a stop meanwhile
    std::vector<std::unique_ptr<Consumer>> m_consumers;
    std::vector<Thread> m_threads;
    bool m_isDeclared = false;
    std::optional<BrokerControl> m_brokerControl;
    std::vector<TaskId> m_neverCame;
    std::uint64_t m_scannedVersion = ~std::uint64_t{0}; // of the book, at the last scan
    Nanoseconds m_nextScanNs = 0;
};

} // namespace interleave::models
