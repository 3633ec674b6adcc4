// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/remote/idle_worker.h"

#include "engine/models/sync/futex.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <random>
#include <span>

namespace interleave::models {

namespace {

constexpr Nanoseconds kIdleMs = 1'000'000;
constexpr Nanoseconds kLookForStopNs = 100 * kIdleMs;
constexpr Nanoseconds kFirstPauseNs = 100 * kIdleMs;
constexpr Nanoseconds kLongestPauseNs = 2'000 * kIdleMs;
/// A request that was not answered for so long is made again.
constexpr Nanoseconds kPatienceNs = 2'000 * kIdleMs;

std::string newId() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}", random(), random(), random());
}

void sleepFor(Nanoseconds ns, const std::stop_token& stop) {
    const Nanoseconds end = monotonicNow() + ns;
    while (!stop.stop_requested() && monotonicNow() < end) {
        const timespec pause{
            0, std::min(kLookForStopNs, std::max<Nanoseconds>(1, end - monotonicNow()))};
        nanosleep(&pause, nullptr);
    }
}

} // namespace

IdleWorker::IdleWorker(broker::Broker& broker, WorkerIdentity identity,
                       std::function<void(const std::string&)> tell)
    : m_broker(broker)
    , m_identity(std::move(identity))
    , m_tell(std::move(tell)) {}

Result<void> IdleWorker::connect() {
    auto connection = m_broker.connect("idle worker on " + m_identity.host);
    if (!connection) {
        return std::unexpected(connection.error());
    }
    const broker::ExchangeSpec exchange{kWorkersExchange, routing::ExchangeKind::Fanout};
    if (auto declared = (*connection)->declare(exchange); !declared) {
        return declared;
    }
    broker::QueueSpec lobby;
    lobby.isExclusive = true;
    lobby.isAutoDelete = true;
    const auto queue = (*connection)->declare(lobby);
    if (!queue) {
        return std::unexpected(queue.error());
    }
    m_lobby = queue->name;
    if (auto bound = (*connection)->bind(kWorkersExchange, m_lobby, {}); !bound) {
        return bound;
    }
    if (auto tag = (*connection)->consume(m_lobby, {.isAutoAck = true}); !tag) {
        return std::unexpected(tag.error());
    }
    m_connection = std::move(*connection);
    m_id = newId();
    m_asked.clear();
    return {};
}

std::optional<Welcome> IdleWorker::waitForRun(const std::stop_token& stop) {
    Nanoseconds pauseNs = kFirstPauseNs;
    std::string lastTrouble;
    while (!stop.stop_requested()) {
        if (m_connection == nullptr) {
            if (const auto connected = connect(); !connected) {
                if (std::exchange(lastTrouble, connected.error().message) !=
                    connected.error().message) {
                    m_tell(connected.error().message + " It is tried again.");
                }
                sleepFor(pauseNs, stop);
                pauseNs = std::min(2 * pauseNs, kLongestPauseNs);
                continue;
            }
            pauseNs = kFirstPauseNs;
        }
        auto event = m_connection->next(kLookForStopNs);
        if (!event) {
            m_connection.reset();
            continue;
        }
        const auto* const delivery =
            event->has_value() ? std::get_if<broker::Delivery>(&**event) : nullptr;
        if (delivery == nullptr) {
            continue;
        }
        if (auto welcome = take(*delivery)) {
            m_connection->close(); // the run has a queue for it
            m_connection.reset();
            return welcome;
        }
    }
    return std::nullopt;
}

std::optional<Welcome> IdleWorker::take(const broker::Delivery& delivery) {
    const std::string_view text(reinterpret_cast<const char*>(delivery.body.data()),
                                delivery.body.size());
    auto note = parseHostNote(text);
    if (delivery.properties.type != kNoteType || !note) {
        return std::nullopt; // anybody may publish here
    }
    if (const auto* const call = std::get_if<RunCall>(&*note)) {
        if (call->version != hostVersion()) {
            object(call->run, fmt::format("A run wants workers of version {}, this one is of "
                                          "version {}; use the same on all hosts.",
                                          call->version, hostVersion()));
        } else if (call->run != m_asked || monotonicNow() - m_askedNs > kPatienceNs) {
            ask(*call);
        }
    } else if (const auto* const refusal = std::get_if<Refusal>(&*note)) {
        object(m_asked, refusal->reason);
    } else if (auto* const welcome = std::get_if<Welcome>(&*note);
               welcome != nullptr && welcome->run == m_asked) {
        return std::move(*welcome);
    }
    return std::nullopt;
}

bool IdleWorker::ask(const RunCall& call) {
    const std::string text = textOf(JoinRequest{.version = hostVersion(),
                                                .id = m_id,
                                                .host = m_identity.host,
                                                .reply = m_lobby,
                                                .slots = m_identity.slots,
                                                .cores = m_identity.cores});
    broker::Properties properties;
    properties.type = kNoteType;
    const auto sent = m_connection->publish({.exchange = "",
                                             .key = call.queue,
                                             .properties = properties,
                                             .body = std::as_bytes(std::span(text))});
    m_asked = call.run;
    m_askedNs = monotonicNow();
    return sent && m_connection->flush();
}

void IdleWorker::object(const std::string& run, const std::string& reason) {
    m_objection = reason;
    if (m_objected.insert(run).second) {
        m_tell(reason);
    }
}

} // namespace interleave::models
