// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/truth/private_services.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace interleave::truth {
namespace {

using namespace std::chrono_literals;

constexpr const char* kRabbit = "/usr/lib/rabbitmq/bin/rabbitmq-server";
constexpr const char* kRedis = "/usr/bin/redis-server";

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int freePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t bytes = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), bytes);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &bytes);
    ::close(fd);
    return ntohs(address.sin_port);
}

bool answers(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(port);
    const bool isUp =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return isUp;
}

/// A shell that starts the service, and ends it when its standard input does: when we end.
class Service {
public:
    Service(const std::string& command, int port) {
        std::string folder = std::filesystem::temp_directory_path() / "interleave-service-XXXXXX";
        if (::mkdtemp(folder.data()) == nullptr || ::pipe(m_life.data()) != 0) {
            return;
        }
        const std::string script = fmt::format(
            "cd {0} || exit 1\nexport HOME={0}\n{1}\ncat > /dev/null\n"
            "kill -9 $(pgrep -s $$ | grep -vx $$) 2> /dev/null\nrm -rf {0}\nkill -9 0\n",
            folder, command);
        m_pid = ::fork();
        if (m_pid == 0) {
            ::setsid();
            ::dup2(m_life[0], STDIN_FILENO);
            ::close(m_life[0]);
            ::close(m_life[1]);
            ::execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(m_life[0]);
        ::fcntl(m_life[1], F_SETFD, FD_CLOEXEC);
        for (int i = 0; i < 3000 && !m_isUp; ++i) { // minutes on a busy machine
            std::this_thread::sleep_for(100ms);     // the only sign of it is that it answers
            m_isUp = answers(port);
        }
    }
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;
    ~Service() {
        ::close(m_life[1]);
        ::waitpid(m_pid, nullptr, 0);
    }
    bool isUp() const { return m_isUp; }

private:
    std::array<int, 2> m_life{-1, -1};
    pid_t m_pid = -1;
    bool m_isUp = false;
};

/// One that runs already, for whoever runs these tests again and again.
std::string fromEnvironment(const char* name) {
    const char* const url = std::getenv(name);
    return url == nullptr ? "" : url;
}

} // namespace

const std::string& rabbitUrl() {
    static const std::string given = fromEnvironment("INTERLEAVE_TEST_RABBITMQ");
    if (!given.empty()) {
        return given;
    }
    static const int port = freePort();
    // One scheduler: the machine is shared. An epmd of its own, which no other node knows.
    static const std::string command = fmt::format(
        "export ERL_EPMD_PORT={0} ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_NODENAME=truth@localhost "
        "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT={1} RABBITMQ_DIST_PORT={2} "
        "RABBITMQ_MNESIA_BASE=$HOME/mnesia RABBITMQ_LOG_BASE=$HOME/log "
        "RABBITMQ_PID_FILE=$HOME/pid RABBITMQ_CONF_ENV_FILE=$HOME/none "
        "RABBITMQ_ENABLED_PLUGINS_FILE=$HOME/plugins RABBITMQ_CONFIG_FILE=$HOME/rabbit "
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 1:1 +sbwt none'\n"
        "epmd -port {0} -address 127.0.0.1 > epmd.out 2>&1 &\n{3} > out 2>&1 &",
        freePort(), port, freePort(), kRabbit);
    static const bool isInstalled = std::filesystem::exists(kRabbit);
    static const std::unique_ptr<Service> service =
        isInstalled ? std::make_unique<Service>(command, port) : nullptr;
    static const std::string url =
        service && service->isUp() ? fmt::format("amqp://guest:guest@127.0.0.1:{}//", port) : "";
    return url;
}

const std::string& redisUrl() {
    static const std::string given = fromEnvironment("INTERLEAVE_TEST_REDIS");
    if (!given.empty()) {
        return given;
    }
    static const int port = freePort();
    static const std::string command = fmt::format(
        "{} --port {} --bind 127.0.0.1 --save '' --appendonly no > out 2>&1 &", kRedis, port);
    static const bool isInstalled = std::filesystem::exists(kRedis);
    static const std::unique_ptr<Service> service =
        isInstalled ? std::make_unique<Service>(command, port) : nullptr;
    static const std::string url =
        service && service->isUp() ? fmt::format("redis://127.0.0.1:{}/0", port) : "";
    return url;
}

} // namespace interleave::truth
