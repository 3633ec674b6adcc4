// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/attachment.h"

#include "engine/celery_events/cluster_report.h"
#include "engine/celery_events/cluster_state.h"
#include "engine/celery_events/control_line.h"
#include "engine/celery_events/event_delay.h"
#include "engine/celery_events/event_stream.h"
#include "engine/collector/collector.h"
#include "engine/collector/manifest.h"
#include "engine/collector/session_diagnostics.h"
#include "engine/record/clock.h"
#include "engine/record/session.h"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <fmt/format.h>
#include <mutex>
#include <sys/statvfs.h>
#include <utility>

namespace interleave::celery_events {

namespace {

constexpr Nanoseconds kLookNs = 50 * kMs;   // how often the limits are looked at
constexpr Nanoseconds kTickNs = 100 * kMs;  // how often the timeline goes on
constexpr Nanoseconds kDelayNs = 500 * kMs; // for events to come to their order
constexpr Nanoseconds kAskOftenNs = 200 * kMs;
constexpr Nanoseconds kAskSeldomNs = 10 * kSecond;
constexpr int kAskOftenCount = 8; // the quickest answer shows the clocks best
constexpr std::uint64_t kLargestDefault = std::uint64_t{2} << 30;

Nanoseconds wallOffset() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return std::int64_t{now.tv_sec} * kSecond + now.tv_nsec - record::monotonicNow();
}

std::uint64_t limitOf(const AttachRequest& request, const std::filesystem::path& session) {
    if (request.limitBytes) {
        return *request.limitBytes;
    }
    struct statvfs status {};
    if (::statvfs(session.c_str(), &status) != 0) {
        return kLargestDefault;
    }
    return std::min(kLargestDefault, std::uint64_t{status.f_bavail} * status.f_frsize / 2);
}

collector::Manifest manifestOf(const broker::Broker& broker, const AttachRequest& request) {
    collector::Manifest manifest;
    manifest.info = request.facts;
    manifest.info.cores = 0; // those of the cluster are not known
    manifest.info.scenario = "Celery cluster";
    manifest.info.about =
        fmt::format("As its workers and clients tell it, through {}", broker.description());
    manifest.info.model = "celery-cluster";
    manifest.info.parameters.emplace_back("broker", broker::withoutPassword(broker.address()));
    if (request.duration) {
        manifest.info.parameters.emplace_back(
            "duration",
            fmt::format("{} s", std::chrono::duration<double>(*request.duration).count()));
    }
    return manifest;
}

/// The cluster as it is followed, from broker to session.
class Attachment {
public:
    Attachment(broker::Broker& broker, const AttachRequest& request, EventStream events,
               record::SessionWriter& writer, std::uint64_t limitBytes)
        : m_broker(broker)
        , m_request(request)
        , m_events(std::move(events))
        , m_session(writer)
        , m_state(m_session)
        , m_limitBytes(limitBytes)
        , m_beganNs(record::monotonicNow()) {}

    void follow(const std::stop_token& stop) {
        openControl();
        while (!stop.stop_requested() && !isOver()) {
            if (auto received = m_events.next(kLookNs)) {
                take(std::move(*received));
            } else {
                reconnect(received.error(), stop);
            }
            const Nanoseconds now = record::monotonicNow();
            ask(now);
            if (now - m_tickedNs >= kTickNs || m_delay.isFull()) {
                m_tickedNs = now;
                release(now - kDelayNs);
                m_state.tick(now - kDelayNs);
                lookForSilence(now);
            }
        }
        finish();
    }

private:
    bool isOver() {
        if (m_request.duration &&
            record::monotonicNow() - m_beganNs >= m_request.duration->count()) {
            m_session.diagnose(
                collector::kEndedInTime, "info", 1,
                fmt::format("The recording ends after {} s, as asked; the cluster went on.",
                            std::chrono::duration<double>(*m_request.duration).count()));
            return true;
        }
        if (m_session.usedBytes() >= m_limitBytes) {
            tell({collector::kEndedForRoom, "data-loss", 1,
                  fmt::format("The recording ends where its events had taken {} MB; the cluster "
                              "went on. Give it more room with --limit.",
                              m_limitBytes >> 20)});
            return true;
        }
        return false;
    }

    void tell(const Notice& notice) {
        m_session.diagnose(notice.kind, notice.severity, notice.count, notice.message);
        if (m_request.tell && notice.severity != "info") {
            m_request.tell(notice.message);
        }
    }

    void openControl() {
        auto control = ControlLine::open(m_broker);
        if (!control) {
            tell({"no-control", "warning", 1,
                  fmt::format("Workers can't be asked for heartbeats, so the error of their clocks "
                              "isn't known. {}",
                              control.error().message)});
            return;
        }
        m_control.emplace(std::move(*control));
        m_asked = 0;
        m_askAtNs = 0;
        if (m_request.enablesEvents) {
            keepControlIf(m_control->enableEvents());
        }
    }

    void keepControlIf(const Result<void>& done) {
        if (!done) {
            tell({"no-control", "warning", 1,
                  fmt::format("The workers can't be reached for control any more. {}",
                              done.error().message)});
            m_control.reset();
        }
    }

    void take(std::vector<ClusterEvent> events) {
        for (ClusterEvent& event : events) {
            m_heardNs = event.arrivalNs;
            if (ClusterNode* const node = m_state.heard(event, m_askedNs)) {
                m_delay.add(std::move(event), *node);
            }
        }
    }

    void release(Nanoseconds until) {
        if (m_delay.isFull()) {
            until = record::monotonicNow();
        }
        m_delay.release(
            until,
            [this](const ClusterEvent& event, const ClusterNode& node) {
                return m_state.timeOf(event, node);
            },
            [this](const ClusterEvent& event, ClusterNode& node, Nanoseconds at) {
                m_state.apply(event, node, at);
            });
    }

    /// What workers answer shows how their clocks stand.
    void ask(Nanoseconds now) {
        if (!m_control || (now < m_askAtNs && m_state.workers() == m_workersAsked)) {
            return;
        }
        if (m_state.workers() != m_workersAsked) { // new ones are to be known soon
            m_workersAsked = m_state.workers();
            m_asked = 0;
        }
        m_askAtNs = now + (++m_asked < kAskOftenCount ? kAskOftenNs : kAskSeldomNs);
        m_askedNs = record::monotonicNow();
        keepControlIf(m_control->askForHeartbeats());
    }

    void lookForSilence(Nanoseconds now) {
        for (const Notice& notice : silentWorkers(m_state)) {
            tell(notice);
        }
        if (m_isSilenceTold || m_heardNs != 0 || now - m_beganNs < m_request.patience.count()) {
            return;
        }
        if (m_control && m_pingedNs == 0) {
            m_pingedNs = now;
            keepControlIf(m_control->ping());
        }
        if (!m_control || now - m_pingedNs > m_request.patience.count()) {
            m_isSilenceTold = true;
            if (m_control) {
                m_control->collect();
            }
            tell(nothingHeard(m_control ? m_control->answered() : std::set<std::string>()));
        }
    }

    /// Until it is back or nobody wants it any more. What happened meanwhile is lost.
    void reconnect(const Error& error, const std::stop_token& stop) {
        const Nanoseconds lostNs = record::monotonicNow();
        release(lostNs);
        m_state.loseSight(lostNs);
        m_session.mark("the broker was lost", lostNs);
        tell({"broker-lost", "data-loss", 1,
              fmt::format("{} What the cluster told from {:.1f} s on until the broker was back is "
                          "missing.",
                          error.message, toSeconds(lostNs - m_beganNs))});
        m_control.reset();
        while (!stop.stop_requested() && !isOver()) {
            if (m_events.reopen()) {
                const Nanoseconds now = record::monotonicNow();
                m_session.mark("the broker is back", now);
                if (m_request.tell) {
                    m_request.tell(
                        fmt::format("The broker is back after {}.", formatDuration(now - lostNs)));
                }
                openControl();
                return;
            }
            waitFor(std::chrono::milliseconds(500), stop);
            m_state.tick(record::monotonicNow());
        }
    }

    static void waitFor(std::chrono::milliseconds time, const std::stop_token& stop) {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any stopped;
        stopped.wait_for(lock, stop, time, [] { return false; });
    }

    void finish() {
        const Nanoseconds now = record::monotonicNow();
        release(now);
        m_state.close(now);
        m_session.diagnose(collector::kDetached, "info", 1,
                           "The recording ends where Interleave detached; the cluster went on.");
        const Foreign foreign{m_events.faults(), m_events.unknowns()};
        for (const Notice& notice : closingNotices(m_state, m_session, foreign, wallOffset())) {
            m_session.diagnose(notice.kind, notice.severity, notice.count, notice.message);
        }
    }

    broker::Broker& m_broker;
    const AttachRequest& m_request;
    EventStream m_events;
    std::optional<ControlLine> m_control;
    ClusterSession m_session;
    ClusterState m_state;
    EventDelay m_delay;
    std::uint64_t m_limitBytes;
    Nanoseconds m_beganNs;
    Nanoseconds m_tickedNs = 0;
    Nanoseconds m_heardNs = 0; // the last event; 0: none
    Nanoseconds m_pingedNs = 0;
    Nanoseconds m_askAtNs = 0;
    std::optional<Nanoseconds> m_askedNs;
    int m_asked = 0;
    std::uint64_t m_workersAsked = 0;
    bool m_isSilenceTold = false;
};

} // namespace

Result<std::shared_ptr<const recording::Recording>>
attach(broker::Broker& broker, const AttachRequest& request, std::stop_token stop) {
    auto events = EventStream::open(broker);
    if (!events) {
        return std::unexpected(events.error());
    }
    auto writer = record::SessionWriter::create(request.sessionFolder,
                                                {.writer = record::WriterKind::Reporter});
    if (!writer) {
        return std::unexpected(writer.error());
    }
    if (auto written = writer->writeManifest(collector::toJson(manifestOf(broker, request)));
        !written) {
        return std::unexpected(written.error());
    }
    Attachment(broker, request, std::move(*events), *writer,
               limitOf(request, request.sessionFolder))
        .follow(stop);
    writer->finish();
    auto collector = collector::Collector::open(request.sessionFolder);
    if (!collector) {
        return std::unexpected(collector.error());
    }
    collector->poll();
    return collector->snapshot();
}

} // namespace interleave::celery_events
