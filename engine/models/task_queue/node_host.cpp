// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/node_host.h"

#include "engine/models/processes/worker_process.h"
#include "engine/models/task_queue/process_pool.h"
#include "engine/models/task_queue/thread_pool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::models {

namespace {

constexpr int kNoSession = 3;
constexpr std::size_t kLongestTrouble = 2048;
static_assert(kLongestTrouble >= kMessagesAPacket * sizeof(Message));

RunContext contextFor(const RunContext& context, record::SessionWriter& session,
                      record::Writer& writer) {
    return {.program = context.program,
            .workers = context.workers,
            .parameters = context.parameters,
            .speed = context.speed,
            .loopback = context.loopback,
            .session = session,
            .control = writer,
            .gil = context.gil,
            .firstExtraQueue = context.firstExtraQueue,
            .firstExtraStep = context.firstExtraStep,
            .stop = context.stop,
            .programPath = context.programPath,
            .broker = context.broker,
            .brokerControl = {},
            .faults = {}};
}

void sendTrouble(int port, const std::string& sentence) {
    const std::string_view text = std::string_view(sentence).substr(0, kLongestTrouble);
    const Message header{.kind = MessageKind::Trouble, .bytes = text.size()};
    std::vector<char> packet(sizeof header + text.size());
    std::memcpy(packet.data(), &header, sizeof header);
    std::ranges::copy(text, packet.begin() + sizeof header);
    ::send(port, packet.data(), packet.size(), MSG_NOSIGNAL);
}

/// From the node's first to its last instruction, with a session and a broker of its own process.
void live(const NodeOrigin& origin, const NodePlan& plan, record::SessionWriter& session,
          broker::Broker& broker, int port) {
    sharpenTimers();
    record::Writer writer =
        session.openStream({record::StreamRole::Control, session.clock().kind, plan.name});
    const RunContext context = contextFor(origin.context, session, writer);
    std::unique_ptr<Pool> pool;
    if (origin.settings.usesThreads) {
        pool = std::make_unique<ThreadPool>(context, origin.objects, origin.board, origin.stopFd,
                                            plan);
    } else {
        pool = std::make_unique<ProcessPool>(context, origin.objects, origin.board, origin.stopFd,
                                             origin.settings, plan);
    }
    Node node({context, origin.objects, origin.board, origin.layout, origin.settings, plan, broker,
               origin.stopFd, port},
              *pool);
    if (const auto ended = node.run(); !ended) {
        sendTrouble(port, ended.error().message);
    }
}

[[noreturn]] void liveInProcess(const NodeOrigin& origin, const NodePlan& plan, pid_t parent,
                                int port) {
    settleIn(parent);
    closeAllBut({origin.stopFd, origin.objects.fd(), port});
    prctl(PR_SET_NAME, plan.name.substr(0, 15).c_str());
    auto session = record::SessionWriter::join(origin.context.session.folder());
    if (!session) {
        _exit(kNoSession);
    }
    auto broker = broker::open(origin.broker.address());
    if (!broker) {
        sendTrouble(port, broker.error().message);
        _exit(kNoSession);
    }
    live(origin, plan, *session, **broker, port);
    broker->reset();
    _exit(0); // the runner's objects in this copy of its memory must not be destroyed
}

} // namespace

Result<std::unique_ptr<NodeHost>> NodeHost::start(const NodeOrigin& origin, const NodePlan& plan) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail(fmt::format("A socket for worker {} can't be had: {}. Raise the limit of open "
                                "files (ulimit -n).",
                                plan.name, std::strerror(errno)),
                    ErrorKind::MissingPart);
    }
    std::unique_ptr<NodeHost> host(new NodeHost(origin, plan, ends[0]));
    if (origin.settings.usesThreads) {
        host->m_thread = Thread::start([&origin, plan, port = ends[1]] {
            live(origin, plan, origin.context.session, origin.broker, port);
            close(port);
        });
        if (!host->m_thread) {
            close(ends[1]);
            return fail("The system has no room for even one more thread, so the worker can't "
                        "begin. End some programs, or raise the limit (ulimit -u), and try again.",
                        ErrorKind::MissingPart);
        }
        return host;
    }
    const pid_t parent = getpid();
    host->m_pid = fork();
    if (host->m_pid == 0) {
        liveInProcess(origin, plan, parent, ends[1]);
    }
    close(ends[1]);
    if (host->m_pid < 0) {
        return fail(fmt::format("Worker {} can't be started: fork failed ({}). Raise the limit of "
                                "processes (ulimit -u).",
                                plan.name, std::strerror(errno)),
                    ErrorKind::MissingPart);
    }
    return host;
}

NodeHost::NodeHost(const NodeOrigin& origin, NodePlan plan, int port)
    : m_origin(origin)
    , m_plan(std::move(plan))
    , m_port(port) {}

NodeHost::~NodeHost() {
    closePort();
    killAndReap();
    m_thread.reset(); // joins: the port is closed, so it ends
}

void NodeHost::send(const Message& message) {
    // A node that is gone is noticed when reading.
    [[maybe_unused]] const ssize_t sent =
        ::send(m_port, &message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::vector<Message> NodeHost::receive() {
    std::vector<Message> messages;
    std::array<char, sizeof(Message) + kLongestTrouble> packet;
    while (m_port >= 0 && !m_isGone) {
        const ssize_t got = recv(m_port, packet.data(), packet.size(), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 && errno == EAGAIN) {
            break;
        }
        if (got < static_cast<ssize_t>(sizeof(Message))) {
            m_isGone = true;
            break;
        }
        const auto size = static_cast<std::size_t>(got);
        Message message;
        std::memcpy(&message, packet.data(), sizeof message);
        if (message.kind == MessageKind::Trouble) {
            m_trouble.assign(packet.data() + sizeof message, size - sizeof message);
            continue;
        }
        for (std::size_t at = 0; at + sizeof message <= size; at += sizeof message) {
            std::memcpy(&message, packet.data() + at, sizeof message);
            messages.push_back(message);
        }
    }
    return messages;
}

void NodeHost::closePort() {
    if (m_port >= 0) {
        close(std::exchange(m_port, -1));
    }
}

bool NodeHost::tryReap() {
    if (m_pid > 0 && waitpid(m_pid, nullptr, WNOHANG) == m_pid) {
        m_pid = -1;
        reapChildren();
    }
    return m_pid <= 0;
}

void NodeHost::killAndReap() {
    if (m_pid > 0) {
        kill(m_pid, SIGKILL);
        while (waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
        }
        m_pid = -1;
        reapChildren();
    }
}

/// Its pool children die with it, and this process has become their parent.
void NodeHost::reapChildren() {
    for (QueueBoard::SlotEntry& entry : m_origin.board.slotEntries()) {
        const pid_t pid = entry.pid;
        if (pid <= 0 || entry.node != static_cast<std::uint32_t>(m_plan.number)) {
            continue;
        }
        kill(pid, SIGKILL);
        while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
        entry.pid = 0;
        entry.task = 0;
    }
}

OrphansComeHere::OrphansComeHere() {
    prctl(PR_GET_CHILD_SUBREAPER, &m_before);
    prctl(PR_SET_CHILD_SUBREAPER, 1UL);
}

OrphansComeHere::~OrphansComeHere() {
    prctl(PR_SET_CHILD_SUBREAPER, static_cast<unsigned long>(m_before));
}

} // namespace interleave::models
