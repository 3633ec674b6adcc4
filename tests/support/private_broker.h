// SPDX-License-Identifier: GPL-3.0-or-later
// Private nodes of RabbitMQ and Redis for tests: on free loopback ports, with their data in a
// temporary folder, and gone soon after the last test that used them, however it ended.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>

namespace interleave::support {

class PrivateBroker {
public:
    /// Whether RabbitMQ is there; else tests that need it are skipped, see kNotInstalled.
    static bool isInstalled();
    static constexpr const char* kNotInstalled =
        "RabbitMQ is not installed; run packaging/setup packages-broker.txt.";

    /// One that all test processes of this machine's user share: it takes seconds to start. Names
    /// of queues must be the test's own, and nobody stops it. Nothing: it could not be started,
    /// and standard error says why.
    static PrivateBroker* shared();
    /// One of the caller's own, to be stopped and killed.
    static std::unique_ptr<PrivateBroker> own();

    ~PrivateBroker();
    PrivateBroker(const PrivateBroker&) = delete;
    PrivateBroker& operator=(const PrivateBroker&) = delete;

    const std::string& url() const { return m_url; }
    const std::string& folder() const { return m_folder; }
    /// Takes "stop" and "start", as --broker-control has it.
    std::string controlCommand() const;

    void stop();
    bool start();
    /// As kill -9 does.
    void kill();

private:
    PrivateBroker(std::string folder, bool isShared);
    bool launch();
    bool control(const char* command);

    std::string m_folder;
    bool m_isShared;
    int m_users = -1; // locked as long as this object lives
    std::string m_url;
};

class PrivateRedis {
public:
    static bool isInstalled();
    /// Nothing: it did not start.
    static std::unique_ptr<PrivateRedis> start();
    ~PrivateRedis();
    PrivateRedis(const PrivateRedis&) = delete;
    PrivateRedis& operator=(const PrivateRedis&) = delete;

    /// "redis://127.0.0.1:PORT/0".
    std::string url() const;
    int port() const { return m_port; }

private:
    PrivateRedis(pid_t pid, int port, std::string folder);

    pid_t m_pid;
    int m_port;
    std::string m_folder;
};

} // namespace interleave::support
