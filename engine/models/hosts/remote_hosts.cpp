// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/hosts/remote_hosts.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::models {

namespace {

constexpr Nanoseconds kBetweenCallsNs = 250 * kMs;
constexpr Nanoseconds kBetweenLooksNs = kSecond;
// Of a clock that is not known yet, until it has been asked that often, and then.
constexpr Nanoseconds kBetweenFirstQuestionsNs = 10 * kMs;
constexpr std::uint64_t kFirstQuestions = 30;
constexpr Nanoseconds kBetweenQuestionsNs = 200 * kMs;
/// A question without an answer for so long is not waited for before the next.
constexpr Nanoseconds kLongestQuestionNs = kSecond;
constexpr Nanoseconds kGraceAtOnceNs = 100 * kMs;
constexpr Nanoseconds kLongestEndNs = 120 * kSecond;
constexpr Nanoseconds kLongestWaitNs = 50 * kMs;
constexpr int kDeliveriesATurn = 256;

} // namespace

RemoteHosts::RemoteHosts(const RunContext& context, broker::Broker& broker, HostsWanted wanted)
    : m_context(context)
    , m_wanted(std::move(wanted))
    , m_link(broker, "hosts", m_unrecorded,
             [this](broker::Connection& connection) { return greet(connection); })
    , m_queue(fmt::format("interleave.{}.hosts", m_wanted.run))
    , m_latestNs(record::monotonicNow() + m_wanted.waitNs)
    , m_lastServedNs(record::monotonicNow()) {}

Result<void> RemoteHosts::greet(broker::Connection& connection) {
    const broker::ExchangeSpec exchange{kWorkersExchange, routing::ExchangeKind::Fanout};
    if (auto declared = connection.declare(exchange); !declared) {
        return declared;
    }
    broker::QueueSpec queue;
    queue.isDurable = true;
    queue.name = m_queue;
    if (auto declared = connection.declare(queue); !declared) {
        return std::unexpected(declared.error());
    }
    for (const auto& host : m_hosts) {
        queue.name = host->inbox();
        if (auto declared = connection.declare(queue); !declared) {
            return std::unexpected(declared.error());
        }
    }
    const auto tag = connection.consume(m_queue, {});
    return tag ? Result<void>() : std::unexpected(tag.error());
}

void RemoteHosts::addFds(std::vector<pollfd>& fds) const {
    if (m_link.isUp()) {
        fds.push_back({m_link.fd(), POLLIN, 0});
    }
}

Nanoseconds RemoteHosts::nextDueNs() const {
    Nanoseconds due = m_link.nextDueNs().value_or(record::monotonicNow() + kLongestWaitNs);
    if (!m_link.isUp()) {
        return due;
    }
    for (const auto& host : m_hosts) {
        if (!host->isQuestioned && !host->farewell) {
            due = std::min(due, host->lastAskedNs + (host->answers() < kFirstQuestions
                                                         ? kBetweenFirstQuestionsNs
                                                         : kBetweenQuestionsNs));
        }
    }
    return std::min(due, m_nextCallNs);
}

void RemoteHosts::serve() {
    const Nanoseconds now = record::monotonicNow();
    const bool cameUp = m_link.connectIfDue(now);
    if (cameUp || now - m_lastServedNs > kSecond) {
        for (const auto& host : m_hosts) {
            host->lastHeardNs = now; // it was we who did not listen
        }
    }
    m_lastServedNs = now;
    for (int i = 0; i < kDeliveriesATurn; ++i) {
        const auto delivery = m_link.next();
        if (!delivery) {
            break;
        }
        take(*delivery);
        m_link.ack(delivery->tag);
    }
    if (!m_link.isUp()) {
        return;
    }
    call();
    askClocks();
    if (!m_isEnding) {
        watchSilence();
        lookForIdleness();
    }
    m_link.flush();
}

std::size_t RemoteHosts::presentCount() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        m_hosts, [](const auto& host) { return !host->isGivenUp && !host->farewell; }));
}

/// Again and again: a worker may come at any time, and one that goes may be replaced.
void RemoteHosts::call() {
    const Nanoseconds now = record::monotonicNow();
    if (now < m_nextCallNs) {
        return;
    }
    m_nextCallNs = now + kBetweenCallsNs;
    if (!m_isEnding && presentCount() < m_wanted.count) {
        send("", RunCall{m_wanted.run, m_queue, hostVersion()}, kWorkersExchange);
    }
}

void RemoteHosts::askClocks() {
    const Nanoseconds now = record::monotonicNow();
    for (const auto& host : m_hosts) {
        const Nanoseconds since = now - host->lastAskedNs;
        const bool isNew = host->answers() < kFirstQuestions;
        if (host->farewell || since < (isNew ? kBetweenFirstQuestionsNs : kBetweenQuestionsNs) ||
            (host->isQuestioned && since < kLongestQuestionNs)) {
            continue;
        }
        const bool wantsHeld = std::ranges::any_of(
            m_hosts, [](const auto& each) { return each->isGivenUp || each->farewell; });
        host->isQuestioned = true;
        host->lastAskedNs = record::monotonicNow();
        send(host->inbox(), ClockQuestion{host->lastAskedNs, wantsHeld});
        m_link.flush(); // its stamp is that of now
    }
}

void RemoteHosts::watchSilence() {
    const Nanoseconds now = record::monotonicNow();
    for (const auto& host : m_hosts) {
        if (host->isGivenUp || host->farewell || now - host->lastHeardNs < m_wanted.silenceNs) {
            continue;
        }
        host->isGivenUp = true;
        m_context.session.diagnose(
            "host-silent", "warning", 1,
            fmt::format("{} was not heard of for {} and is given up; what it had not acknowledged "
                        "is done by others.",
                        host->name(), formatDuration(m_wanted.silenceNs)));
    }
    if (presentCount() > 0 && (m_areReady || presentCount() >= m_wanted.count)) {
        m_latestNs = now + m_wanted.waitNs;
    } else if (now > m_latestNs) {
        m_error = Error{
            m_areReady
                ? fmt::format("All workers of the run are gone and no other came within {}; start "
                              "`interleave worker --broker URL` on some host.",
                              formatDuration(m_wanted.waitNs))
                : fmt::format("{} of {} workers joined the run within {}; start `interleave worker "
                              "--broker URL` on the other hosts, or wait longer with "
                              "--set host_wait=DURATION.",
                              presentCount(), m_wanted.count, formatDuration(m_wanted.waitNs)),
            ErrorKind::MissingPart};
    }
}

void RemoteHosts::lookForIdleness() {
    const Nanoseconds now = record::monotonicNow();
    if (now < m_nextLookNs) {
        return;
    }
    m_nextLookNs = now + kBetweenLooksNs;
    bool isOneGone = false;
    bool areOthersIdle = true;
    for (const auto& host : m_hosts) {
        const bool isGone = host->isGivenUp || host->farewell;
        isOneGone = isOneGone || isGone;
        areOthersIdle = areOthersIdle && (isGone || host->held == 0);
        host->held.reset(); // what it says next counts for the next look
    }
    m_idleRounds = isOneGone && areOthersIdle && presentCount() > 0 ? m_idleRounds + 1 : 0;
}

std::vector<TaskEnded> RemoteHosts::takeEnded() {
    return std::exchange(m_ended, {});
}

void RemoteHosts::end(bool isAtOnce) {
    m_isEnding = true;
    for (const auto& host : m_hosts) {
        if (!host->farewell) {
            send(host->inbox(), RunOver{isAtOnce});
        }
    }
    m_link.flush();
    const Nanoseconds begun = record::monotonicNow();
    const auto isWaitedFor = [&](const auto& host) {
        const Nanoseconds now = record::monotonicNow();
        return !host->farewell && now - host->lastHeardNs < m_wanted.silenceNs &&
               now - begun < (isAtOnce ? kGraceAtOnceNs : kLongestEndNs);
    };
    while (std::ranges::any_of(m_hosts, isWaitedFor)) {
        std::vector<pollfd> fds;
        addFds(fds);
        const Nanoseconds waitNs =
            std::clamp<Nanoseconds>(nextDueNs() - record::monotonicNow(), 0, kLongestWaitNs);
        const timespec timeout{0, waitNs};
        ppoll(fds.data(), fds.size(), &timeout, nullptr);
        serve();
    }
    report();
    removeQueues();
}

std::optional<std::map<std::string, std::uint64_t>> RemoteHosts::counts() const {
    std::map<std::string, std::uint64_t> sums;
    for (const auto& host : m_hosts) {
        if (!host->farewell) {
            return std::nullopt;
        }
        for (const auto& [name, count] : host->farewell->counts) {
            sums[name] += count;
        }
    }
    return sums;
}

void RemoteHosts::report() {
    for (const auto& host : m_hosts) {
        if (const auto sentence = host->clockSentence()) {
            m_context.session.diagnose("clock-offset", "info", 1, *sentence);
        }
        if (!host->farewell) {
            m_context.session.diagnose(
                "host-lost", "data-loss", 1,
                fmt::format("{} has not said that it is done: what it recorded last is missing.",
                            host->name()));
        }
    }
    if (m_foreign > 0) {
        m_context.session.diagnose(
            "foreign-note", "warning", m_foreign,
            fmt::format("{} messages in the queue of the run's hosts were none of theirs, or "
                        "damaged; they were thrown away.",
                        m_foreign));
    }
}

void RemoteHosts::removeQueues() {
    if (!m_link.isUp()) {
        return;
    }
    static_cast<void>(m_link.connection()->removeQueue(m_queue));
    for (const auto& host : m_hosts) {
        if (m_link.isUp()) {
            static_cast<void>(m_link.connection()->removeQueue(host->inbox()));
        }
    }
    m_link.close();
}

} // namespace interleave::models
