// SPDX-License-Identifier: GPL-3.0-or-later
// BrokerLink: a connection to the broker that comes back when it was lost, and a memory of what was
// published and is not confirmed: that is published again, under the same number.
//
// Thread: one thread's.
#pragma once

#include "engine/broker/broker.h"
#include "engine/record/writer.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace interleave::models {

/// A message on its way to a queue.
struct Parcel {
    std::uint32_t number = 0;
    std::string queue;      // by its name on the broker; of another exchange the key
    std::string exchange{}; // empty: the default one
    broker::Properties properties;
    std::vector<std::byte> body;
};

class BrokerLink {
public:
    /// Called with a connection that has just come up: declares, consumes.
    using Greet = std::function<Result<void>(broker::Connection&)>;

    BrokerLink(broker::Broker& broker, std::string name, record::Writer& writer, Greet greet);

    /// Connects if there is no connection and it is time to try (again). True: it has just come up.
    bool connectIfDue(Nanoseconds nowNs);
    /// Why the last try did not succeed; nothing: it did.
    const std::optional<Error>& trouble() const { return m_trouble; }
    bool isUp() const { return m_connection != nullptr; }
    /// How many connections there have been: deliveries of an earlier one can't be acknowledged.
    std::uint32_t count() const { return m_count; }
    /// When connectIfDue() or next() has something to do by itself; nothing: never.
    std::optional<Nanoseconds> nextDueNs() const;
    int fd() const { return isUp() ? m_connection->fd() : -1; }

    /// Now if the link is up, else as soon as it is.
    void publish(Parcel parcel);
    /// Writes out what is buffered: publishes and acknowledgements.
    void flush();
    /// Numbers of what will be published again should the link be lost now, or was already.
    std::vector<std::uint32_t> unconfirmed() const;
    bool hasUnconfirmed() const { return !m_sent.empty() || !m_unsent.empty(); }
    /// Whether the broker has taken over what was published under a number.
    bool isConfirmed(std::uint32_t number) const;
    std::size_t unconfirmedCount() const { return m_sent.size() + m_unsent.size(); }
    /// The next delivery; confirms are dealt with on the way. Nothing: none is there, or the link
    /// was lost, see isUp().
    std::optional<broker::Delivery> next();
    /// Goes with the next flush(), together with others.
    void ack(std::uint64_t tag);
    void reject(std::uint64_t tag, bool isRequeued);
    /// Unless it is lost; what fails on it ends it.
    broker::Connection* connection() { return m_connection.get(); }
    void check(const Result<void>& outcome);
    /// On purpose: as a broken network would.
    void cut();
    void close();

private:
    void drop();
    bool send(Parcel& parcel);
    void confirmed(const broker::Confirmed& confirmed);

    broker::Broker& m_broker;
    std::string m_name;
    record::Writer& m_writer;
    Greet m_greet;
    std::unique_ptr<broker::Connection> m_connection;
    std::optional<Error> m_trouble;
    std::uint32_t m_count = 0;
    Nanoseconds m_nextTryNs = 0;
    Nanoseconds m_pauseNs = 0; // between the last try and the next
    std::deque<Parcel> m_sent; // the first has m_firstSequence
    std::uint64_t m_firstSequence = 1;
    std::deque<bool> m_isConfirmed; // of m_sent
    std::deque<Parcel> m_unsent;
    std::vector<std::uint64_t> m_acks; // of the present connection, for the next flush
};

} // namespace interleave::models
