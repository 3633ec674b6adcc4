// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/broker_link/broker_link.h"

#include "engine/record/clock.h"

#include <algorithm>
#include <utility>

namespace interleave::models {

namespace {

// It grows with every try that fails: a broker that restarts is back soon, a network may be not.
constexpr Nanoseconds kFirstPauseNs = 20'000'000;
constexpr Nanoseconds kLongestPauseNs = 500'000'000;

} // namespace

BrokerLink::BrokerLink(broker::Broker& broker, std::string name, record::Writer& writer,
                       Greet greet)
    : m_broker(broker)
    , m_name(std::move(name))
    , m_writer(writer)
    , m_greet(std::move(greet)) {}

bool BrokerLink::connectIfDue(Nanoseconds nowNs) {
    if (isUp() || nowNs < m_nextTryNs) {
        return false;
    }
    auto connection = m_broker.connect(m_name);
    m_pauseNs = std::clamp(2 * m_pauseNs, kFirstPauseNs, kLongestPauseNs);
    m_nextTryNs = std::max(nowNs, record::monotonicNow()) + m_pauseNs;
    if (!connection) {
        m_trouble = connection.error();
        return false;
    }
    m_connection = std::move(*connection);
    Result<void> greeted = m_connection->enableConfirms();
    if (greeted) {
        greeted = m_greet(*m_connection);
    }
    if (!greeted) {
        m_trouble = greeted.error();
        drop();
        return false;
    }
    m_trouble.reset();
    m_pauseNs = 0;
    ++m_count;
    // What was not confirmed goes again, before anything new.
    for (auto parcel = m_sent.rbegin(); parcel != m_sent.rend(); ++parcel) {
        m_unsent.push_front(std::move(*parcel));
    }
    m_sent.clear();
    m_isConfirmed.clear();
    m_firstSequence = 1;
    while (isUp() && !m_unsent.empty()) {
        if (!send(m_unsent.front())) {
            break;
        }
        m_unsent.pop_front();
    }
    flush();
    return isUp();
}

std::optional<Nanoseconds> BrokerLink::nextDueNs() const {
    return isUp() ? m_connection->nextBeatNs() : std::optional(m_nextTryNs);
}

std::vector<std::uint32_t> BrokerLink::unconfirmed() const {
    std::vector<std::uint32_t> numbers;
    for (const auto* parcels : {&m_sent, &m_unsent}) {
        for (const Parcel& parcel : *parcels) {
            numbers.push_back(parcel.number);
        }
    }
    return numbers;
}

bool BrokerLink::send(Parcel& parcel) {
    const auto sequence = m_connection->publish({.exchange = parcel.exchange,
                                                 .key = parcel.queue,
                                                 .properties = parcel.properties,
                                                 .body = parcel.body});
    if (!sequence) {
        drop();
        return false;
    }
    m_sent.push_back(std::move(parcel));
    m_isConfirmed.push_back(false);
    return true;
}

void BrokerLink::publish(Parcel parcel) {
    if (!isUp() || !send(parcel)) {
        m_unsent.push_back(std::move(parcel));
    }
}

void BrokerLink::flush() {
    if (isUp() && !m_acks.empty()) {
        const auto acked = m_connection->ackEach(m_acks);
        m_acks.clear();
        check(acked);
    }
    if (isUp()) {
        check(m_connection->flush());
    }
}

std::optional<broker::Delivery> BrokerLink::next() {
    while (isUp()) {
        auto event = m_connection->next(0);
        if (!event) {
            m_trouble = event.error();
            drop();
            break;
        }
        if (!event->has_value()) {
            break;
        }
        if (auto* delivery = std::get_if<broker::Delivery>(&**event)) {
            return std::move(*delivery);
        }
        if (const auto* confirm = std::get_if<broker::Confirmed>(&**event)) {
            confirmed(*confirm);
        }
        if (std::holds_alternative<broker::ConsumerCancelled>(**event)) {
            drop(); // its queue is gone: everything is declared anew
        }
    }
    return std::nullopt;
}

void BrokerLink::confirmed(const broker::Confirmed& confirmed) {
    if (confirmed.sequence < m_firstSequence ||
        confirmed.sequence >= m_firstSequence + m_sent.size()) {
        return;
    }
    const std::size_t last = confirmed.sequence - m_firstSequence;
    for (std::size_t i = confirmed.isMultiple ? 0 : last; i <= last; ++i) {
        if (std::exchange(m_isConfirmed[i], true)) {
            continue;
        }
        m_writer.emit(record::EventKind::MessageConfirmed, m_sent[i].number,
                      confirmed.isAccepted ? 1 : 0);
        if (!confirmed.isAccepted) {
            m_unsent.push_back(m_sent[i]); // and again with the next flush
        }
    }
    while (!m_sent.empty() && m_isConfirmed.front()) {
        m_sent.pop_front();
        m_isConfirmed.pop_front();
        ++m_firstSequence;
    }
    if (!confirmed.isAccepted) {
        for (Parcel& parcel : std::exchange(m_unsent, {})) {
            publish(std::move(parcel));
        }
    }
}

bool BrokerLink::isConfirmed(std::uint32_t number) const {
    const auto isIt = [number](const Parcel& parcel) { return parcel.number == number; };
    return std::ranges::none_of(m_sent, isIt) && std::ranges::none_of(m_unsent, isIt);
}

void BrokerLink::ack(std::uint64_t tag) {
    if (isUp()) {
        m_acks.push_back(tag);
    }
}

void BrokerLink::reject(std::uint64_t tag, bool isRequeued) {
    if (isUp()) {
        check(m_connection->reject(tag, isRequeued));
    }
}

void BrokerLink::check(const Result<void>& outcome) {
    if (!outcome) {
        m_trouble = outcome.error();
        drop();
    }
}

void BrokerLink::drop() {
    m_connection.reset();
    m_acks.clear();
}

void BrokerLink::cut() {
    if (isUp()) {
        m_connection->cut();
        drop();
    }
}

void BrokerLink::close() {
    flush();
    if (isUp()) {
        m_connection->close();
        drop();
    }
}

} // namespace interleave::models
