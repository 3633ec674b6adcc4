// SPDX-License-Identifier: GPL-3.0-or-later
// QueueRun: one run on a task queue, from the control thread's side, which is the producer and the
// client: publishes tasks as they fall due, takes results, marks ends (so chains and chords go on),
// keeps the nodes alive, makes faults happen, looks for deadlocks. One poll() over everything.
//
// Thread: the control thread only.
#pragma once

#include "engine/models/blocking/run_stop.h"
#include "engine/models/faults/broker_control.h"
#include "engine/models/faults/fault_schedule.h"
#include "engine/models/hosts/remote_hosts.h"
#include "engine/models/schedule/submissions.h"
#include "engine/models/sync/deadlock_watch.h"
#include "engine/models/task_queue/node_host.h"

#include <deque>
#include <memory>
#include <vector>

namespace interleave::models {

/// What is asked of other hosts, but for the run's mark; nothing: the run has workers of its own.
std::optional<HostsWanted> hostsWanted(const std::vector<NodePlan>& plans,
                                       const QueueSettings& settings);

class QueueRun {
public:
    static Result<RunOutcome> execute(const RunContext& context);

    QueueRun(const QueueRun&) = delete;
    QueueRun& operator=(const QueueRun&) = delete;

private:
    /// A queue that was gone when the broker came back, and what had been published to it by then.
    struct Vanished {
        ObjectId queue;
        std::uint32_t lastMessage = 0;
        std::vector<std::uint32_t> publishedAgain; // sorted
        Nanoseconds judgeNs = 0;
    };

    QueueRun(const NodeOrigin& origin, RunStop& stop, FaultSchedule faults,
             std::vector<NodePlan> plans);

    Result<RunOutcome> run();
    Result<void> greet(broker::Connection& connection);
    Result<void> connectFirst();
    void startNodes();
    void beginIfReady();
    void submitDue();
    void publish(const std::vector<TaskId>& tasks);
    void receive();
    void takeResult(broker::Delivery& delivery);
    void end(TaskId task, State state);
    void ended(TaskId task, State state);
    void lookForDeadlock();
    void serveNodes();
    void bury(std::size_t index);
    void recover(const NodePlan& dead);
    void wait();
    void endNodes();
    void cancelRest();
    void account();
    void removeQueues();
    void serveHosts();
    void endHosts();
    void endLostWithHosts();
    bool isOver() const;

    void noteVanished(const PlacedQueue& queue);
    void judgeVanished();
    bool isUndecided(const Vanished& vanished, TaskId task, std::uint64_t& lost);
    void strikeDue();
    void strike(const scenario::Fault& fault);
    bool killWorker(std::uint32_t target);
    void tellNode(const scenario::Fault& fault, const Message& message);
    void noteFault(const scenario::Fault& fault, const std::string& what);

    const RunContext& m_context;
    const NodeOrigin& m_origin;
    RunStop& m_stop;
    std::vector<NodePlan> m_plans;
    BrokerLink m_link;
    TaskPublisher m_publisher;
    BrokerControl m_brokerControl;
    FaultSchedule m_faults;
    std::vector<scenario::Fault> m_waitingKills; // for somebody to be at work
    Submissions m_submissions;
    std::deque<TaskId> m_due; // to be published as soon as the broker has taken over more
    DeadlockWatch m_watch;
    std::vector<std::unique_ptr<NodeHost>> m_nodes; // by plan
    std::unique_ptr<RemoteHosts> m_hosts;           // in their place, if there are any
    bool m_areAllHostsCounted = true;               // and told what came of their messages
    Nanoseconds m_nextLookNs = 0;
    std::vector<Vanished> m_vanished;
    std::uint32_t m_lastVanished = 0; // the message that was counted last
    int m_deaths = 0;                 // of nodes, since a task ended last
    bool m_hasMore = false;
    bool m_hasBegun = false; // all workers are there, tasks are submitted
    std::optional<Error> m_error;
    RunOutcome m_outcome;
};

} // namespace interleave::models
