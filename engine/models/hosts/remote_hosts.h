// SPDX-License-Identifier: GPL-3.0-or-later
// RemoteHosts: the workers on other hosts of one run. Calls for them until there are enough, gives
// each its part, asks their clocks, takes their events, and at the end waits for the last ones. A
// host that falls silent is waited for: the broker has given to others what it had not
// acknowledged, and the rest it still has.
//
// Thread: the run's control thread.
#pragma once

#include "engine/models/broker_link/broker_link.h"
#include "engine/models/hosts/remote_host.h"
#include "engine/models/model.h"

#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <vector>

namespace interleave::models {

struct HostsWanted {
    std::string run;               // its mark
    std::vector<HostedNode> nodes; // host i gets the one at i modulo their number
    std::uint32_t count = 1;
    Nanoseconds waitNs = 0;    // for enough of them
    Nanoseconds silenceNs = 0; // after which one is given up
};

class RemoteHosts {
public:
    RemoteHosts(const RunContext& context, broker::Broker& broker, HostsWanted wanted);
    RemoteHosts(const RemoteHosts&) = delete;
    RemoteHosts& operator=(const RemoteHosts&) = delete;

    void addFds(std::vector<pollfd>& fds) const;
    Nanoseconds nextDueNs() const;
    /// Everything that has come, and what is due.
    void serve();

    /// As many as were wanted are there, and each can execute tasks; once true it stays.
    bool areReady() const { return m_areReady; }
    /// Tasks whose ends hosts have recorded themselves.
    std::vector<TaskEnded> takeEnded();
    /// Why the run can't go on.
    const std::optional<Error>& error() const { return m_error; }
    /// A host was given up, and the others say again and again that they have nothing in hand: what
    /// is neither in a queue nor done was lost with it.
    bool isSomethingLost() const { return m_idleRounds >= 3; }

    /// Tells them that the run is over and waits for what they still have to say.
    void end(bool isAtOnce);
    /// What became of task messages, of all hosts together; nothing: one has not told.
    std::optional<std::map<std::string, std::uint64_t>> counts() const;

private:
    Result<void> greet(broker::Connection& connection);
    void take(const broker::Delivery& delivery);
    void takeNote(RemoteHost& host, const HostNote& note);
    void join(const JoinRequest& request);
    std::optional<std::string> objectionTo(const JoinRequest& request) const;
    std::string unusedName(const std::string& wanted) const;
    void welcome(const RemoteHost& host);
    void refuse(const JoinRequest& request, const std::string& reason);
    void call();
    void askClocks();
    void watchSilence();
    void lookForIdleness();
    void send(const std::string& queue, const HostNote& note, const std::string& exchange = {});
    RemoteHost* hostOf(const broker::Delivery& delivery);
    std::size_t presentCount() const;
    void countForeign();
    void report();
    void removeQueues();

    const RunContext& m_context;
    HostsWanted m_wanted;
    record::Writer m_unrecorded; // notes are no messages of the run
    BrokerLink m_link;
    std::string m_queue;                              // to which they send
    std::vector<std::unique_ptr<RemoteHost>> m_hosts; // by number
    std::vector<TaskEnded> m_ended;
    std::optional<Error> m_error;
    std::uint32_t m_lastNumber = 0; // of notes that were sent
    std::uint64_t m_foreign = 0;
    Nanoseconds m_nextCallNs = 0;
    Nanoseconds m_nextLookNs = 0;
    Nanoseconds m_latestNs = 0; // for enough of them to be there
    Nanoseconds m_lastServedNs = 0;
    int m_idleRounds = 0;
    bool m_areReady = false;
    bool m_isEnding = false;
};

} // namespace interleave::models
