// SPDX-License-Identifier: GPL-3.0-or-later
// IdleWorker: waits at a broker for a run that wants workers, and asks to join it.
//
// Thread: one.
#pragma once

#include "engine/broker/broker.h"
#include "engine/models/hosts/host_note.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

namespace interleave::models {

struct WorkerIdentity {
    std::string host;        // as it is shown
    std::uint32_t slots = 0; // tasks at once; 0: as the run says
    std::uint32_t cores = 1;
};

class IdleWorker {
public:
    /// `tell` gets sentences for people: about runs that can't be joined, a broker that is away.
    IdleWorker(broker::Broker& broker, WorkerIdentity identity,
               std::function<void(const std::string&)> tell);

    /// Until a run has taken this worker; nothing: stop was asked for. A broker that goes away is
    /// waited for.
    std::optional<Welcome> waitForRun(const std::stop_token& stop);
    /// The last run that was heard of could not be joined, and why.
    const std::optional<std::string>& objection() const { return m_objection; }

private:
    Result<void> connect();
    bool ask(const RunCall& call);
    std::optional<Welcome> take(const broker::Delivery& delivery);
    void object(const std::string& run, const std::string& reason);

    broker::Broker& m_broker;
    WorkerIdentity m_identity;
    std::function<void(const std::string&)> m_tell;
    std::unique_ptr<broker::Connection> m_connection;
    std::string m_lobby; // the queue of what is said to everybody and to this one
    std::string m_id;    // of the present request
    std::string m_asked; // the run that was asked last ...
    Nanoseconds m_askedNs = 0;
    std::set<std::string> m_objected; // runs of which that was told
    std::optional<std::string> m_objection;
};

} // namespace interleave::models
