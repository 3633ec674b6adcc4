// SPDX-License-Identifier: GPL-3.0-or-later
// Of HostedRun: what the run and this host say to each other.
#include "engine/models/remote/hosted_run.h"

#include <fmt/format.h>
#include <span>

namespace interleave::models {

namespace {

constexpr Nanoseconds kBetweenConfirmLooksNs = 50'000'000;
constexpr int kNotesATurn = 64;
/// For the last events to be confirmed, since the line was up last.
constexpr Nanoseconds kLongestFarewellNs = 60'000'000'000;

std::map<std::string, std::uint64_t> countsOf(const QueueBoard::Counters& counters) {
    return {{"published", counters.published}, {"acked", counters.acked},
            {"rejected", counters.rejected},   {"lost", counters.lost},
            {"requeued", counters.requeued},   {"duplicates", counters.duplicates},
            {"foreign", counters.foreign},     {"revoked", counters.revoked}};
}

} // namespace

void HostedRun::decline(broker::Broker& broker, const Welcome& welcome, const std::string& why) {
    auto connection = broker.connect("host");
    if (!connection) {
        return; // the run hears nothing of this host, which says it, too
    }
    const std::string text = textOf(HostTrouble{why});
    broker::Properties properties;
    properties.type = kNoteType;
    properties.messageId = "1";
    properties.headers.emplace_back(kHostHeader, std::int64_t{welcome.number});
    static_cast<void>((*connection)
                          ->publish({.exchange = "",
                                     .key = fmt::format("interleave.{}.hosts", welcome.run),
                                     .properties = properties,
                                     .body = std::as_bytes(std::span(text))}));
    (*connection)->close();
}

Result<void> HostedRun::greet(broker::Connection& connection) {
    const auto tag = connection.consume(m_request.welcome.inbox, {});
    if (!tag) {
        m_isRunGone = !connection.isLost(); // the queue went with its run
        return std::unexpected(tag.error());
    }
    return {};
}

void HostedRun::receive() {
    if (!m_isRunGone) {
        m_link.connectIfDue(monotonicNow());
    }
    for (int i = 0; i < kNotesATurn; ++i) {
        const auto delivery = m_link.next();
        if (!delivery) {
            break;
        }
        take(*delivery);
        m_link.ack(delivery->tag);
    }
}

void HostedRun::take(const broker::Delivery& delivery) {
    const Nanoseconds heardNs = monotonicNow();
    m_lastHeardNs = heardNs;
    const std::string_view text(reinterpret_cast<const char*>(delivery.body.data()),
                                delivery.body.size());
    const auto note = parseHostNote(text);
    if (delivery.properties.type != kNoteType || !note) {
        return; // none of the run's
    }
    if (const auto* const question = std::get_if<ClockQuestion>(&*note)) {
        answer(*question, heardNs);
    } else if (const auto* const over = std::get_if<RunOver>(&*note)) {
        m_isOver = true;
        if (over->isAtOnce) {
            m_atOnce.request_stop();
        }
    }
}

void HostedRun::answer(const ClockQuestion& question, Nanoseconds heardNs) {
    const std::int64_t held = question.wantsHeld ? tasksInHand() : -1;
    m_shipper.send(ClockAnswer{question.askedNs, heardNs, monotonicNow(),
                               m_session.clock().origin.monotonicNs, held});
    m_link.flush();
}

std::int64_t HostedRun::tasksInHand() const {
    std::int64_t held = 0;
    for (std::uint32_t task = 1; task <= m_taskCount; ++task) {
        held += m_board->task(TaskId{task}).node != 0 ? 1 : 0;
    }
    return held;
}

/// The line is taken for cut from when something came over it last; the run asks for the time
/// several times a second, so that is when it was cut.
void HostedRun::watchLine() {
    const bool isUp = m_link.isUp();
    if (isUp == m_wasUp) {
        return;
    }
    m_wasUp = isUp;
    if (!isUp) {
        m_cutSinceNs = m_lastHeardNs;
        noteLine(m_lastHeardNs, false);
        return;
    }
    const Nanoseconds now = monotonicNow();
    m_lastHeardNs = now;
    noteLine(now, true);
    if (const auto since = std::exchange(m_cutSinceNs, std::nullopt)) {
        m_session.diagnose(
            "host-cut-off", "warning", 1,
            fmt::format("It was cut off from the broker for {:.3f} s; what it had not acknowledged "
                        "was given to others, what it recorded meanwhile was kept and sent.",
                        static_cast<double>(now - *since) * 1e-9));
    }
}

/// Level of the counter "connected", and a mark on the worker's track.
void HostedRun::noteLine(Nanoseconds at, bool isUp) {
    const std::uint64_t stamp = m_control.stampOfMonotonic(at);
    m_control.emitAt(stamp, record::EventKind::Level, hostCounter(m_request.welcome.number),
                     isUp ? 1 : 0);
    if (!isUp || m_cutSinceNs) {
        m_control.emitAt(stamp, record::EventKind::Marked,
                         static_cast<std::uint32_t>(isUp ? RunMark::Back : RunMark::CutOff), 0);
    }
}

/// Everything that was recorded, and then how many messages came to what. Until the broker has
/// confirmed it, or nobody wants to hear it any more.
void HostedRun::sayFarewell(const QueueBoard::Counters& counters) {
    Nanoseconds lastUpNs = monotonicNow();
    bool hasSaid = false;
    while (!m_isRunGone && monotonicNow() - lastUpNs < kLongestFarewellNs) {
        watchLine();
        receive();
        lastUpNs = m_link.isUp() ? monotonicNow() : lastUpNs;
        if (!hasSaid && m_link.isUp() && !m_shipper.ship()) {
            m_shipper.send(HostFarewell{countsOf(counters)});
            m_link.flush();
            hasSaid = true;
        }
        if (hasSaid && !m_link.hasUnconfirmed()) {
            break;
        }
        m_nextShipNs = monotonicNow() + (hasSaid ? kBetweenConfirmLooksNs : 0);
        wait(nullptr);
    }
    m_link.close();
}

/// The node may have made them anew when it came back to a broker where they were removed.
void HostedRun::removeQueues(const QueueLayout& layout) {
    auto connection = m_link.isUp() ? m_link.connection() : nullptr;
    for (const PlacedQueue& queue : layout.queues()) {
        if (connection == nullptr || connection->isLost()) {
            return;
        }
        static_cast<void>(connection->removeQueue(queue.spec.name));
    }
}

} // namespace interleave::models
