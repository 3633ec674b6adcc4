// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/faults/broker_control.h"

#include "engine/broker/memory_broker.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace interleave::models {

namespace {

constexpr Nanoseconds kLookNs = 5'000'000; // whether a command has ended

broker::MemoryBroker* inMemory(broker::Broker& broker) {
    return dynamic_cast<broker::MemoryBroker*>(&broker);
}

} // namespace

BrokerControl::BrokerControl(broker::Broker& broker, std::string command)
    : m_broker(broker)
    , m_command(std::move(command)) {}

BrokerControl::~BrokerControl() {
    if (m_pid > 0) {
        waitpid(m_pid, nullptr, 0);
    }
    if (m_phase == Phase::Stopping || m_phase == Phase::Stopped) {
        start();
        if (m_pid > 0) {
            waitpid(m_pid, nullptr, 0);
        }
    }
}

std::optional<std::string> BrokerControl::objection() const {
    if (inMemory(m_broker) != nullptr || !m_command.empty()) {
        return std::nullopt;
    }
    return fmt::format("The broker ({}) is not ours to stop: give --broker-control COMMAND, which "
                       "is called with \"stop\" and then with \"start\".",
                       m_broker.description());
}

void BrokerControl::stop(Nanoseconds nowNs, Nanoseconds lengthNs) {
    m_startNs = std::max(m_startNs, nowNs + lengthNs);
    if (m_phase != Phase::Running) {
        return;
    }
    if (auto* memory = inMemory(m_broker)) {
        memory->stop();
        m_phase = Phase::Stopped;
        return;
    }
    begin("stop");
    m_phase = Phase::Stopping;
}

std::optional<std::string> BrokerControl::advance(Nanoseconds nowNs) {
    if (m_phase == Phase::Stopping && hasEnded()) {
        m_phase = Phase::Stopped;
    }
    if (m_phase == Phase::Stopped && nowNs >= m_startNs) {
        start();
    }
    if (m_phase == Phase::Starting && hasEnded()) {
        m_phase = Phase::Running;
    }
    return std::exchange(m_failure, std::nullopt);
}

std::optional<Nanoseconds> BrokerControl::nextDueNs(Nanoseconds nowNs) const {
    switch (m_phase) {
    case Phase::Running:
        return std::nullopt;
    case Phase::Stopped:
        return m_startNs;
    default:
        return nowNs + kLookNs;
    }
}

void BrokerControl::start() {
    if (auto* memory = inMemory(m_broker)) {
        memory->start();
        m_phase = Phase::Running;
        return;
    }
    begin("start");
    m_phase = Phase::Starting;
}

void BrokerControl::begin(const char* what) {
    // Through the shell, as the user typed it; "exec" so that the command is the child itself.
    std::string line = fmt::format("exec {} {}", m_command, what);
    std::string shell = "sh";
    std::string option = "-c";
    char* const argv[] = {shell.data(), option.data(), line.data(), nullptr};
    if (const int error = posix_spawn(&m_pid, "/bin/sh", nullptr, nullptr, argv, environ);
        error != 0) {
        m_pid = -1;
        m_failure = fmt::format("The command \"{} {}\" can't be started: {}.", m_command, what,
                                std::strerror(error));
    }
}

bool BrokerControl::hasEnded() {
    if (m_pid <= 0) {
        return true;
    }
    int status = 0;
    const pid_t ended = waitpid(m_pid, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) {
        return false;
    }
    m_pid = -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        m_failure = fmt::format("The command \"{}\" that {} the broker has failed; try it by hand.",
                                m_command, m_phase == Phase::Stopping ? "stops" : "starts");
    }
    return true;
}

} // namespace interleave::models
