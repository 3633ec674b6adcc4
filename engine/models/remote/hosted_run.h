// SPDX-License-Identifier: GPL-3.0-or-later
// HostedRun: the part of a run that is executed on this host, by a worker node as the run itself
// would have one, in a session of its own whose events go to the run. The node and this talk to
// the broker by connections of their own; a line that is cut is mended by each for itself, and
// what was recorded meanwhile is sent afterwards.
//
// Thread: one.
#pragma once

#include "engine/models/remote/event_shipper.h"
#include "engine/models/remote/hosted_program.h"
#include "engine/models/task_queue/node_host.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace interleave::models {

struct HostedRequest {
    Welcome welcome;
    std::filesystem::path sessionFolder; // of this host's part
    std::string programPath;
    std::stop_token stop; // no more tasks; what was begun is finished
};

enum class HostedEnd : std::uint8_t {
    RunOver,  // in good order
    Stopped,  // as it was asked to; the run goes on with others
    NodeDied, // the run may take this worker anew
    RunGone,  // without a word
};

class HostedRun {
public:
    /// From the first to the last word to the run.
    static Result<HostedEnd> serve(broker::Broker& broker, const HostedRequest& request);
    /// Tells the run, which waits for this host, why it can't be served.
    static void decline(broker::Broker& broker, const Welcome& welcome, const std::string& why);

    HostedRun(const HostedRun&) = delete;
    HostedRun& operator=(const HostedRun&) = delete;

private:
    HostedRun(broker::Broker& broker, const HostedRequest& request, record::SessionWriter& session,
              record::Writer& control, record::SessionReader reader);

    HostedEnd work(const NodeOrigin& origin, const NodePlan& plan);
    void serveNode(NodeHost& node);
    void endNode(NodeHost& node);
    void wait(const NodeHost* node);

    // hosted_run_notes.cpp: what the run and this host say to each other
    Result<void> greet(broker::Connection& connection);
    void receive();
    void take(const broker::Delivery& delivery);
    void answer(const ClockQuestion& question, Nanoseconds heardNs);
    void watchLine();
    void noteLine(Nanoseconds at, bool isUp);
    void sayFarewell(const QueueBoard::Counters& counters);
    void removeQueues(const QueueLayout& layout);
    std::int64_t tasksInHand() const;

    const HostedRequest& m_request;
    record::SessionWriter& m_session;
    record::Writer& m_control;
    record::Writer m_unrecorded; // notes are no messages of the run
    BrokerLink m_link;
    EventShipper m_shipper;
    const QueueBoard* m_board = nullptr;
    std::size_t m_taskCount = 0;
    std::stop_source m_atOnce;
    Nanoseconds m_nextShipNs = 0;
    Nanoseconds m_lastHeardNs = 0;
    std::optional<Nanoseconds> m_cutSinceNs;
    bool m_wasUp = false;
    bool m_isOver = false;
    bool m_isRetiring = false;
    bool m_isRunGone = false;
    bool m_hasNodeDied = false;
};

} // namespace interleave::models
