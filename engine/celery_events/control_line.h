// SPDX-License-Identifier: GPL-3.0-or-later
// ControlLine: Celery's own way to ask all workers for something (its "pidbox"), on a connection of
// its own, so that a refusal there can't harm the events. What every monitor of Celery asks for is
// a heartbeat; whether workers are there at all is asked where no event comes; to make them send
// task events is asked only on request.
#pragma once

#include "engine/broker/broker.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace interleave::celery_events {

class ControlLine {
public:
    /// An error is a sentence for a diagnostic: everything but the control goes on.
    static Result<ControlLine> open(broker::Broker& broker);

    Result<void> askForHeartbeats() { return broadcast("heartbeat", false); }
    Result<void> enableEvents() { return broadcast("enable_events", false); }
    Result<void> ping() { return broadcast("ping", true); }
    /// Takes the answers to pings that have come; does not wait.
    void collect();
    const std::set<std::string>& answered() const { return m_answered; }

private:
    ControlLine(std::unique_ptr<broker::Connection> connection, std::string replyKey)
        : m_connection(std::move(connection))
        , m_replyKey(std::move(replyKey)) {}

    Result<void> makeReplyQueue();
    Result<void> broadcast(const char* method, bool wantsReply);

    std::unique_ptr<broker::Connection> m_connection;
    std::string m_replyKey;
    std::set<std::string> m_answered; // names of workers
    bool m_hasReplyQueue = false;
};

} // namespace interleave::celery_events
