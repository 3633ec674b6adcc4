// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/private_broker.h"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace interleave::support {

namespace {

constexpr const char* kProgram = "/usr/bin/redis-server";
constexpr std::chrono::seconds kPatience{30};

int loopbackSocket(sockaddr_in& address, int port) {
    address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

int freePort() {
    sockaddr_in address;
    const int fd = loopbackSocket(address, 0);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

bool answers(int port) {
    sockaddr_in address;
    const int fd = loopbackSocket(address, port);
    const bool isThere =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return isThere;
}

} // namespace

bool PrivateRedis::isInstalled() {
    return std::filesystem::exists(kProgram);
}

PrivateRedis::PrivateRedis(pid_t pid, int port, std::string folder)
    : m_pid(pid)
    , m_port(port)
    , m_folder(std::move(folder)) {}

std::unique_ptr<PrivateRedis> PrivateRedis::start() {
    std::string folder =
        (std::filesystem::temp_directory_path() / "interleave-redis-XXXXXX").string();
    if (!::mkdtemp(folder.data())) {
        return nullptr;
    }
    const int port = freePort();
    const std::string portText = fmt::format("{}", port);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
        // It ends with the test, however that ends.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) {
            ::_exit(127);
        }
        const int nowhere = ::open("/dev/null", O_RDWR);
        ::dup2(nowhere, STDIN_FILENO);
        ::dup2(nowhere, STDOUT_FILENO);
        ::execl(kProgram, kProgram, "--bind", "127.0.0.1", "--port", portText.c_str(), "--dir",
                folder.c_str(), "--save", "", "--appendonly", "no", static_cast<char*>(nullptr));
        ::_exit(127);
    }
    std::unique_ptr<PrivateRedis> redis(new PrivateRedis(pid, port, folder));
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!answers(port)) {
        if (std::chrono::steady_clock::now() > end || ::waitpid(pid, nullptr, WNOHANG) != 0) {
            return nullptr;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return redis;
}

PrivateRedis::~PrivateRedis() {
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
    std::filesystem::remove_all(m_folder);
}

std::string PrivateRedis::url() const {
    return fmt::format("redis://127.0.0.1:{}/0", m_port);
}

} // namespace interleave::support
