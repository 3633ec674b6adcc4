// SPDX-License-Identifier: GPL-3.0-or-later
// A broker for tests: it delivers to its only consumer what a test puts in, keeps what is
// published, and goes away and comes back when told to.
#pragma once

#include "engine/broker/broker.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace interleave::celery_events {

class ScriptedBroker : public broker::Broker {
public:
    /// A message of celeryev, or a reply if nothing consumes it as an event.
    void say(const std::string& body);
    /// Every connection is lost; new ones are refused until comeBack().
    void goAway();
    void comeBack();
    /// Bodies of what was published, with the exchange in front.
    std::vector<std::string> published() const;
    void waitForConnections(int count);
    void waitUntilAllIsRead();

    std::string description() const override { return "a scripted broker"; }
    const std::string& address() const override { return m_address; }
    Result<std::unique_ptr<broker::Connection>> connect(const std::string& name) override;

private:
    friend class ScriptedConnection;
    std::string m_address = "amqp://test";
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::string> m_bodies;
    std::vector<std::string> m_published;
    int m_epoch = 0; // connections of an earlier one are lost
    int m_connections = 0;
    bool m_isAway = false;
};

} // namespace interleave::celery_events
