// SPDX-License-Identifier: GPL-3.0-or-later
// BrokerControl: stops and starts a run's broker on purpose: the one in memory by itself, any other
// by the command that the user gave for it. Neither keeps the caller waiting.
//
// Thread: one thread's.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/broker/broker.h"

#include <optional>
#include <string>
#include <sys/types.h>

namespace interleave::models {

class BrokerControl {
public:
    /// `command` as RunContext::brokerControl.
    BrokerControl(broker::Broker& broker, std::string command);
    BrokerControl(const BrokerControl&) = delete;
    BrokerControl& operator=(const BrokerControl&) = delete;
    /// Starts a broker that it has stopped.
    ~BrokerControl();

    /// Why this broker can't be stopped; nothing: it can.
    std::optional<std::string> objection() const;
    /// For so long; a second one meanwhile makes it longer.
    void stop(Nanoseconds nowNs, Nanoseconds lengthNs);
    /// Goes on with what was begun; a command that failed is a sentence.
    std::optional<std::string> advance(Nanoseconds nowNs);
    /// When advance() has something to do.
    std::optional<Nanoseconds> nextDueNs(Nanoseconds nowNs) const;

private:
    enum class Phase : std::uint8_t { Running, Stopping, Stopped, Starting };
    void begin(const char* what);
    /// True: the command has ended; `m_failure` says how if badly.
    bool hasEnded();
    void start();

    broker::Broker& m_broker;
    std::string m_command;
    Phase m_phase = Phase::Running;
    pid_t m_pid = -1;
    Nanoseconds m_startNs = 0;
    std::optional<std::string> m_failure;
};

} // namespace interleave::models
