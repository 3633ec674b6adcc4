// SPDX-License-Identifier: GPL-3.0-or-later
// The server process and the client over real sockets. Times are compared with each other on one
// clock, never with an absolute expectation of how fast this machine is.
#include "engine/scenario/loopback.h"

#include <arpa/inet.h>
#include <array>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace interleave::scenario {
namespace {

using testing::HasSubstr;

std::int64_t monotonicNs() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

LoopbackServer startedServer() {
    auto server = LoopbackServer::start();
    EXPECT_TRUE(server) << server.error().message;
    return std::move(*server);
}

void expectSent(LoopbackClient& client, Endpoint endpoint, Nanoseconds delay, std::uint64_t bytes) {
    const auto sent = client.send(endpoint, delay, bytes);
    EXPECT_TRUE(sent) << sent.error().message;
}

LoopbackClient::Answer received(LoopbackClient& client, int stopFd = -1) {
    const auto answer = client.receive(stopFd);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer.value_or(LoopbackClient::Answer{});
}

/// A plain socket to the server, for what the client would never send.
class RawConnection {
public:
    explicit RawConnection(Endpoint endpoint)
        : m_fd(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(m_fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    }
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;
    ~RawConnection() { ::close(m_fd); }

    void send(std::string_view text) const {
        EXPECT_EQ(::send(m_fd, text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }
    std::string readToEnd() const {
        std::string all;
        std::array<char, 4096> block{};
        for (ssize_t got = 0; (got = ::recv(m_fd, block.data(), block.size(), 0)) > 0;) {
            all.append(block.data(), static_cast<std::size_t>(got));
        }
        return all;
    }

private:
    int m_fd;
};

TEST(Loopback, AnswersAfterTheDelayWithThatManyBytes) {
    const LoopbackServer server = startedServer();
    LoopbackClient client;
    for (const std::uint64_t bytes : {0ULL, 1ULL, 65'536ULL, 3'000'000ULL}) {
        const std::int64_t begin = monotonicNs();
        expectSent(client, server.endpoint(), 5 * kMs, bytes);
        const LoopbackClient::Answer answer = received(client);
        EXPECT_EQ(answer.bytes, bytes);
        EXPECT_FALSE(answer.isStopped);
        EXPECT_GE(answer.sentNs, begin + 5 * kMs);
        EXPECT_LE(answer.sentNs, monotonicNs());
    }
}

TEST(Loopback, DelayedAnswersOverlap) {
    constexpr std::size_t kClients = 200;
    constexpr Nanoseconds kDelay = 50 * kMs;
    const LoopbackServer server = startedServer();
    std::vector<LoopbackClient> clients(kClients);
    const std::int64_t begin = monotonicNs();
    for (LoopbackClient& client : clients) {
        expectSent(client, server.endpoint(), kDelay, 100);
    }
    for (LoopbackClient& client : clients) {
        const LoopbackClient::Answer answer = received(client);
        EXPECT_EQ(answer.bytes, 100u);
        EXPECT_GE(answer.sentNs, begin + kDelay);
    }
    // One after another they would take 200 delays.
    EXPECT_LT(monotonicNs() - begin, kDelay * static_cast<Nanoseconds>(kClients) / 4);
}

TEST(Loopback, ShorterDelaysAreAnsweredFirst) {
    const LoopbackServer server = startedServer();
    LoopbackClient slow;
    LoopbackClient fast;
    expectSent(slow, server.endpoint(), 200 * kMs, 0);
    expectSent(fast, server.endpoint(), 1 * kMs, 0);
    const std::int64_t fastSent = received(fast).sentNs;
    EXPECT_LT(fastSent, received(slow).sentNs);
}

TEST(Loopback, HoldsThousandsOfConnections) {
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const auto count = std::min<std::size_t>(3000, limit.rlim_cur - 100);
    const LoopbackServer server = startedServer();
    std::vector<LoopbackClient> clients(count);
    for (LoopbackClient& client : clients) {
        expectSent(client, server.endpoint(), 20 * kMs, 10);
    }
    for (LoopbackClient& client : clients) {
        EXPECT_EQ(received(client).bytes, 10u);
    }
}

TEST(Loopback, WaitsWithoutReadingUntilTheAnswerIsThere) {
    const LoopbackServer server = startedServer();
    LoopbackClient client;
    const std::int64_t begin = monotonicNs();
    expectSent(client, server.endpoint(), 20 * kMs, 1000);
    EXPECT_TRUE(client.waitForAnswer(-1).value());
    EXPECT_GE(monotonicNs() - begin, 20 * kMs);
    EXPECT_EQ(received(client).bytes, 1000u);
}

TEST(Loopback, StopDescriptorEndsTheWait) {
    const LoopbackServer server = startedServer();
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    ASSERT_EQ(::write(pipe[1], "x", 1), 1);
    LoopbackClient client;
    const std::int64_t begin = monotonicNs();
    expectSent(client, server.endpoint(), 60'000 * kMs, 0);
    EXPECT_FALSE(client.waitForAnswer(pipe[0]).value());
    EXPECT_TRUE(received(client, pipe[0]).isStopped);
    EXPECT_LT(monotonicNs() - begin, 30'000 * kMs);
    // The next request starts afresh, on a new connection.
    expectSent(client, server.endpoint(), 0, 7);
    EXPECT_EQ(received(client).bytes, 7u);
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST(Loopback, ConnectsAgainWhenTheServerIsAnother) {
    LoopbackClient client;
    for (int i = 0; i < 2; ++i) {
        const LoopbackServer server = startedServer();
        expectSent(client, server.endpoint(), 0, 5);
        EXPECT_EQ(received(client).bytes, 5u);
    }
}

TEST(Loopback, SaysWhenNobodyListens) {
    Endpoint endpoint;
    {
        const LoopbackServer server = startedServer();
        endpoint = server.endpoint();
    }
    LoopbackClient client;
    const auto sent = client.send(endpoint, 0, 0);
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().kind, ErrorKind::MissingPart);
    EXPECT_THAT(sent.error().message, HasSubstr("Connection refused"));
}

TEST(Loopback, SaysWhenTheServerDiesBeforeItsAnswer) {
    LoopbackClient client;
    {
        const LoopbackServer server = startedServer();
        expectSent(client, server.endpoint(), 60'000 * kMs, 0);
    }
    const auto answer = client.receive(-1);
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().message, HasSubstr("Reading from the loopback server"));
}

TEST(Loopback, SaysWhenThereAreTooManyOpenFiles) {
    const LoopbackServer server = startedServer();
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none{0, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    LoopbackClient client;
    const auto sent = client.send(server.endpoint(), 0, 0);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    ASSERT_FALSE(sent);
    EXPECT_THAT(sent.error().message,
                HasSubstr("too many open files: raise ulimit -n or use fewer workers"));
}

TEST(Loopback, ReceivingBeforeSendingIsAnError) {
    LoopbackClient client;
    EXPECT_FALSE(client.receive(-1));
}

TEST(LoopbackServer, RefusesMalformedRequestsAndGoesOn) {
    const LoopbackServer server = startedServer();
    for (const std::string& request :
         {std::string("nonsense\r\n\r\n"), std::string("GET /?delay_ns=-1 HTTP/1.1\r\n\r\n"),
          std::string(10'000, 'x')}) {
        const RawConnection connection(server.endpoint());
        connection.send(request);
        EXPECT_THAT(connection.readToEnd(), testing::StartsWith("HTTP/1.1 400 "));
    }
    LoopbackClient client;
    expectSent(client, server.endpoint(), 0, 1);
    EXPECT_EQ(received(client).bytes, 1u);
}

TEST(LoopbackServer, AnswersRequestsThatComeTogetherOrInPieces) {
    const LoopbackServer server = startedServer();
    const RawConnection connection(server.endpoint());
    connection.send("GET /?bytes=3 HTTP/1.1\r\n\r\nGET /?by");
    connection.send("tes=4 HTTP/1.1\r\nConnection: close\r\n\r\n");
    const std::string answers = connection.readToEnd();
    EXPECT_THAT(answers, HasSubstr("Content-Length: 3\r\n"));
    EXPECT_THAT(answers, HasSubstr("Content-Length: 4\r\n"));
}

TEST(LoopbackServer, IsAProcessOfItsOwnThatKeepsNothingOpen) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const LoopbackServer server = startedServer();
    LoopbackClient client; // once it answers it has closed what it does not need
    expectSent(client, server.endpoint(), 0, 0);
    received(client);
    const std::filesystem::path process = "/proc/" + std::to_string(server.pid());
    std::string name;
    std::getline(std::ifstream(process / "comm"), name);
    EXPECT_EQ(name, "il-loopback");
    EXPECT_EQ(::getpgid(server.pid()), server.pid());
    // The pipe's other end is ours alone: closing it is its end for the reader.
    ::close(pipe[1]);
    pollfd watched{pipe[0], POLLIN, 0};
    EXPECT_EQ(::poll(&watched, 1, 0), 1);
    EXPECT_NE(watched.revents & POLLHUP, 0);
    ::close(pipe[0]);
}

TEST(LoopbackServer, SurvivesCtrlC) {
    const LoopbackServer server = startedServer();
    LoopbackClient client;
    expectSent(client, server.endpoint(), 0, 0);
    received(client);
    ASSERT_EQ(::kill(server.pid(), SIGINT), 0);
    expectSent(client, server.endpoint(), 0, 2);
    EXPECT_EQ(received(client).bytes, 2u);
}

TEST(LoopbackServer, EndsWithItsOwner) {
    int pid = 0;
    {
        LoopbackServer first = startedServer();
        LoopbackServer second = std::move(first);
        pid = second.pid();
        EXPECT_EQ(::kill(pid, 0), 0);
    }
    EXPECT_EQ(::kill(pid, 0), -1);
    EXPECT_EQ(errno, ESRCH);
}

TEST(LoopbackServer, EndsWhenItsParentIsKilled) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        const auto server = LoopbackServer::start();
        LoopbackClient client; // the server answers: it is up and has asked for the signal
        const bool isUp = server && client.send(server->endpoint(), 0, 0) && client.receive(-1);
        const std::uint16_t port = isUp ? server->endpoint().port : std::uint16_t{0};
        if (::write(pipe[1], &port, sizeof(port)) != sizeof(port)) {
            ::_exit(1);
        }
        ::pause();
    }
    Endpoint endpoint;
    ASSERT_EQ(::read(pipe[0], &endpoint.port, sizeof(endpoint.port)), 2);
    ASSERT_NE(endpoint.port, 0);
    LoopbackClient client;
    expectSent(client, endpoint, 60'000 * kMs, 0);
    ASSERT_EQ(::kill(parent, SIGKILL), 0);
    ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);
    EXPECT_FALSE(client.receive(-1)); // its death closes the connection; else this waits a minute
    ::close(pipe[0]);
    ::close(pipe[1]);
}

} // namespace
} // namespace interleave::scenario
