// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/remote/hosted_run.h"

#include "engine/models/blocking/run_stop.h"
#include "engine/models/hosts/host_numbers.h"
#include "engine/models/processes/broken_pipes.h"
#include "engine/record/observer.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <poll.h>

namespace interleave::models {

namespace {

constexpr Nanoseconds kBetweenShipmentsNs = 50 * kMs;
constexpr Nanoseconds kLongestWaitNs = 50 * kMs; // also for a request to stop
constexpr Nanoseconds kGraceStepNs = kMs;
constexpr Nanoseconds kGraceAtTheEndNs = 3 * kSecond;
constexpr Nanoseconds kGraceAtOnceNs = 100 * kMs;
/// A run that asks for nothing for so long has gone without a word.
constexpr Nanoseconds kLongestSilenceNs = 60 * kSecond;

RunContext contextOf(const HostedProgram& hosted, const HostedRequest& request,
                     scenario::Endpoint loopback, record::SessionWriter& session,
                     record::Writer& control) {
    return {.program = hosted.program,
            .workers = hosted.workers,
            .parameters = hosted.parameters,
            .speed = hosted.speed,
            .loopback = loopback,
            .session = session,
            .control = control,
            .gil = hosted.gil(),
            .firstExtraQueue = hosted.firstExtraQueue(),
            .firstExtraStep = hosted.firstExtraStep(),
            .stop = {},
            .programPath = request.programPath};
}

} // namespace

Result<HostedEnd> HostedRun::serve(broker::Broker& broker, const HostedRequest& request) {
    auto hosted = hostedProgramOf(request.welcome);
    if (!hosted) {
        return std::unexpected(hosted.error());
    }
    // As in a run: the server's work is never taken for the tasks'.
    std::optional<scenario::LoopbackServer> server;
    if (scenario::usesLoopback(hosted->program)) {
        auto started = scenario::LoopbackServer::start();
        if (!started) {
            return std::unexpected(started.error());
        }
        server = std::move(*started);
    }
    auto session = record::SessionWriter::create(request.sessionFolder);
    if (!session) {
        return std::unexpected(session.error());
    }
    auto observer = record::Observer::start(*session, {});
    if (!observer) {
        return std::unexpected(observer.error());
    }
    auto reader = record::SessionReader::open(request.sessionFolder);
    if (!reader) {
        return std::unexpected(reader.error());
    }
    auto objects = SharedObjects::create(hosted->program);
    if (!objects) {
        return std::unexpected(objects.error());
    }
    auto board = QueueBoard::create(hosted->program.tasks.size(), hosted->plan.slotCount,
                                    HostNumbers{request.welcome.number, 0}.messagesBefore());
    if (!board) {
        return std::unexpected(board.error());
    }
    record::Writer control =
        session->openStream({record::StreamRole::Control, session->clock().kind, "control"});
    const RunContext context = contextOf(
        *hosted, request, server ? server->endpoint() : scenario::Endpoint{}, *session, control);
    const QueueLayout layout(context, request.welcome.run);
    HostedRun run(broker, request, *session, control, std::move(*reader));
    auto stop = RunStop::create(run.m_atOnce.get_token(), *objects);
    if (!stop) {
        return std::unexpected(stop.error());
    }
    const BrokenPipesAreErrors brokenPipes;
    const OrphansComeHere orphans;
    const NodeOrigin origin{context,          *objects, *board,       layout,
                            hosted->settings, broker,   (*stop)->fd()};
    run.m_board = &*board;
    run.m_taskCount = hosted->program.tasks.size();
    const HostedEnd end = run.work(origin, hosted->plan);
    observer->stop();
    control = record::Writer();
    session->finish();
    if (end == HostedEnd::RunGone) {
        run.removeQueues(layout);
    } else {
        run.sayFarewell(board->counters());
    }
    return end;
}

HostedRun::HostedRun(broker::Broker& broker, const HostedRequest& request,
                     record::SessionWriter& session, record::Writer& control,
                     record::SessionReader reader)
    : m_request(request)
    , m_session(session)
    , m_control(control)
    , m_link(broker, "host", m_unrecorded,
             [this](broker::Connection& connection) { return greet(connection); })
    , m_shipper(request.sessionFolder, std::move(reader), m_link,
                fmt::format("interleave.{}.hosts", request.welcome.run), request.welcome.number)
    , m_lastHeardNs(monotonicNow()) {}

HostedEnd HostedRun::work(const NodeOrigin& origin, const NodePlan& plan) {
    auto node = NodeHost::start(origin, plan);
    if (!node) {
        m_shipper.send(HostTrouble{node.error().message});
        m_isOver = true;
        return HostedEnd::NodeDied;
    }
    while (!m_isOver && !m_isRunGone && !m_hasNodeDied) {
        wait(node->get());
        watchLine();
        receive();
        serveNode(**node);
        if (m_request.stop.stop_requested() && !std::exchange(m_isRetiring, true)) {
            (*node)->send({.kind = MessageKind::Retire});
        }
        if (monotonicNow() >= m_nextShipNs) {
            m_shipper.ship();
            m_nextShipNs = monotonicNow() + kBetweenShipmentsNs;
        }
        if (m_link.isUp() && monotonicNow() - m_lastHeardNs > kLongestSilenceNs) {
            m_isRunGone = true;
        }
    }
    endNode(**node);
    return m_isRunGone    ? HostedEnd::RunGone
           : m_isOver     ? HostedEnd::RunOver
           : m_isRetiring ? HostedEnd::Stopped
                          : HostedEnd::NodeDied;
}

void HostedRun::serveNode(NodeHost& node) {
    for (const Message& message : node.receive()) {
        if (message.kind == MessageKind::Ready) {
            m_shipper.send(HostReady{});
        } else {
            m_shipper.send(TaskEnded{message.task, static_cast<State>(message.number)});
        }
    }
    m_link.flush();
    if (!node.isGone()) {
        return;
    }
    m_hasNodeDied = true;
    if (!node.trouble().empty()) {
        m_shipper.send(HostTrouble{node.trouble()});
    } else if (!m_isRetiring) {
        m_session.diagnose("worker-died", "warning", 1,
                           fmt::format("Worker {} (pid {}) was killed with all its processes.",
                                       node.plan().name, node.pid()));
    }
}

/// It ends by itself when its port is closed; who takes longer than the grace is killed.
void HostedRun::endNode(NodeHost& node) {
    if (m_isRunGone) {
        m_atOnce.request_stop();
    }
    node.closePort();
    const Nanoseconds graceEndsNs =
        monotonicNow() + (m_atOnce.stop_requested() ? kGraceAtOnceNs : kGraceAtTheEndNs);
    while (!node.tryReap() && monotonicNow() < graceEndsNs) {
        receive(); // questions about the clock, too
        const timespec pause{0, kGraceStepNs};
        nanosleep(&pause, nullptr);
    }
    node.killAndReap();
}

void HostedRun::wait(const NodeHost* node) {
    std::vector<pollfd> fds;
    if (m_link.isUp()) {
        fds.push_back({m_link.fd(), POLLIN, 0});
    }
    if (node != nullptr) {
        fds.push_back({node->port(), POLLIN, 0});
    }
    const Nanoseconds now = monotonicNow();
    const Nanoseconds due = std::min(m_nextShipNs, m_link.nextDueNs().value_or(m_nextShipNs));
    const timespec timeout{0, std::clamp<Nanoseconds>(due - now, 0, kLongestWaitNs)};
    ppoll(fds.data(), fds.size(), &timeout, nullptr);
}

} // namespace interleave::models
