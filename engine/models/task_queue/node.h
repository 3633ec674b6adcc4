// SPDX-License-Identifier: GPL-3.0-or-later
// Node: a worker of the task queue, as Celery's: takes messages from its queues up to its prefetch
// limit, holds those whose time has not come, gives tasks to idle slots of its pool, acknowledges
// early or late, publishes results and retries. Whether it lives in a process or in a thread is not
// its business; it knows the control thread by a socket only.
//
// Thread: one.
#pragma once

#include "engine/models/sync/shared_objects.h"
#include "engine/models/task_queue/pool.h"
#include "engine/models/task_queue/reserve.h"
#include "engine/models/task_queue/settings.h"
#include "engine/models/task_queue/task_publisher.h"

#include <list>
#include <memory>
#include <unordered_map>

namespace interleave::models {

/// How many messages to the control thread go in one packet at most.
inline constexpr std::size_t kMessagesAPacket = 64;

/// What a node works with; outlives it.
struct NodeWork {
    const RunContext& context; // `control` is the node's own stream, `session` its process'
    SharedObjects& objects;
    QueueBoard& board;
    const QueueLayout& layout;
    QueueSettings settings;
    NodePlan plan;
    broker::Broker& broker;
    int stopFd = -1; // readable when the run is to stop
    int portFd = -1; // to the control thread, see MessageKind
};

class Node final : private PoolClient {
public:
    Node(const NodeWork& work, Pool& pool);
    /// Until the control thread closes the port, or the run is stopped. An error is one of the
    /// system: no process or thread can be had.
    Result<void> run();

private:
    Result<void> greet(broker::Connection& connection);
    void noteConnection();
    void lostConnection();
    void receive();
    void accept(broker::Delivery delivery);
    void refuse(const broker::Delivery& delivery);
    bool tryClaim(Job& job);
    void settleContested();
    void settleConfirmed();
    void settleLast();
    void close(Job& job);
    void reserve(Job& job);
    bool isStale(const Job& job) const;
    bool isPoisoned(const Job& job) const;
    void showReserved(const Job& job, Reserve::Place place);
    void ripen();
    void dispatch();
    void revoke(Job& job);
    void giveBack(Job& job);
    void acknowledge(Job& job);
    std::uint32_t finish(TaskId task, State end, std::vector<std::byte> frame);
    void finishWithoutResult(Job& job, std::size_t fromFrame, State end);
    void retry(const Job& job, TaskId task);
    void noteSettled(const Job& job);
    void letGo(Job& job);
    void forget(Job& job);
    void renewIfHeldUp();
    Result<void> consume(broker::Connection& connection);
    void readPort();
    void retire();
    bool hasRetired() const;
    void tellFinished();
    void wait();
    std::uint32_t window() const;

    void started(Job& job) override;
    void spawned(TaskId task) override;
    void ended(Job& job, TaskId task, State end, std::vector<std::byte> frame,
               bool isLast) override;
    void lost(Job& job, Loss loss) override;

    record::Writer& writer() const { return m_work.context.control; }
    std::uint32_t number() const { return static_cast<std::uint32_t>(m_work.plan.number); }

    NodeWork m_work;
    Pool& m_pool;
    BrokerLink m_link;
    TaskPublisher m_publisher;
    std::unordered_map<Job*, std::unique_ptr<Job>> m_jobs;
    Reserve m_reserve;
    std::list<Job*> m_contested; // their tasks are another node's for now
    std::vector<Job*> m_running;
    std::vector<Job*> m_unsettled; // done, to be acknowledged once their results are safe
    std::unordered_map<std::string, ObjectId> m_queueOfConsumer;
    std::vector<Message> m_finished; // still to tell the control thread
    std::uint32_t m_prefetch = 0;    // as the broker has it, of each consumer
    std::vector<std::string> m_tags; // of the present consumers
    std::uint32_t m_consumers = 0;   // how often they were renewed
    std::size_t m_held = 0;          // unacknowledged jobs of the present ones
    bool m_wasUp = false;
    bool m_hasMore = false; // the broker may have sent what no descriptor tells of
    bool m_isClosing = false;
    bool m_isRetiring = false;
    bool m_isForeignSaid = false;
    bool m_isReadyTold = false;
};

} // namespace interleave::models
