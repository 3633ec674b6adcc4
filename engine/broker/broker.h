// SPDX-License-Identifier: GPL-3.0-or-later
// Broker: exchanges, queues, deliveries and acknowledgements in the words of AMQP 0-9-1, behind one
// interface: `memory` in the runner process (other processes reach it through a socket) and
// RabbitMQ. The same contract suite runs on both.
//
// Thread: a Broker may be asked for connections by any thread. A Connection is one thread's at a
// time; it has one channel, so its delivery tags and confirms count for themselves.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/routing/routing.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace interleave::broker {

struct ExchangeSpec {
    std::string name{};
    routing::ExchangeKind kind = routing::ExchangeKind::Direct;
    bool isDurable = false;
    bool isAutoDelete = false;
    std::string alternate{}; // exchange for what no queue wants; empty: none
};

enum class Overflow : std::uint8_t { DropHead, RejectPublish };

struct QueueSpec {
    std::string name{}; // empty: the broker makes one up
    bool isDurable = false;
    bool isExclusive = false; // of this connection, gone with it
    bool isAutoDelete = false;
    std::optional<Nanoseconds> messageTtlNs{}; // brokers count in ms
    std::optional<std::uint32_t> maxLength{};  // ready messages
    Overflow overflow = Overflow::DropHead;
    std::optional<std::string> deadLetterExchange{}; // "" is the default exchange
    std::optional<std::string> deadLetterKey{};      // else the message's own
    std::uint8_t maxPriority = 0;                    // 0: no priorities
};

struct QueueState {
    std::string name{};
    std::uint32_t ready = 0;
    std::uint32_t consumers = 0;
};

struct Properties {
    std::string messageId{};
    std::string correlationId{};
    std::string replyTo{};
    std::string type{};
    std::string contentType{};
    routing::Headers headers{}; // of scalar values; others of a foreign message are left out
    std::uint8_t priority = 0;
    bool isPersistent = false;
    std::optional<Nanoseconds> expirationNs{};
};

struct Outgoing {
    std::string_view exchange{}; // "": the default one, which knows every queue by its name
    std::string_view key{};
    const Properties& properties;
    std::span<const std::byte> body{};
    bool isMandatory = false; // comes back as Returned when no queue wants it
};

struct Delivery {
    std::string consumer{}; // its tag
    std::uint64_t tag = 0;  // for ack() and reject(), of this connection
    bool isRedelivered = false;
    std::string exchange{};
    std::string key{};
    Properties properties{};
    std::vector<std::byte> body{};
    /// Why it came through a dead-letter exchange, the latest first: (queue, reason), where reason
    /// is "rejected", "expired" or "maxlen".
    std::vector<std::pair<std::string, std::string>> deaths{};
};

/// Publishes are numbered from 1 since enableConfirms().
struct Confirmed {
    std::uint64_t sequence = 0;
    bool isMultiple = false; // all up to it
    bool isAccepted = true;
};
struct Returned {
    std::string exchange{};
    std::string key{};
    std::string reason{};
    Properties properties{};
    std::vector<std::byte> body{};
};
/// The broker has ended a subscription: its queue is gone.
struct ConsumerCancelled {
    std::string consumer{};
};
/// The broker takes no publishes for now, or does again.
struct Blocked {
    bool isBlocked = false;
    std::string reason{};
};
using Event = std::variant<Delivery, Confirmed, Returned, ConsumerCancelled, Blocked>;

struct ConsumeOptions {
    bool isAutoAck = false;
    bool isExclusive = false;
    std::string tag{}; // empty: the broker makes one up
};

/// What a failed call says of the connection. After Lost every further call fails the same way;
/// everything unacknowledged goes back to its queue. A refusal of the broker (another queue
/// of that name, no such exchange) ends the channel; the connection opens a new one by itself,
/// without consumers.
class Connection {
public:
    virtual ~Connection() = default;

    virtual bool isLost() const = 0;
    /// Becomes readable when next() may have something; for poll() beside other descriptors. Look
    /// with next(0) before waiting: something may have been read already.
    virtual int fd() const = 0;

    virtual Result<void> declare(const ExchangeSpec& exchange) = 0;
    virtual Result<QueueState> declare(const QueueSpec& queue) = 0;
    /// Without making it; an error if it is not there.
    virtual Result<QueueState> inspect(const std::string& queue) = 0;
    virtual Result<void> bind(const std::string& exchange, const std::string& queue,
                              const routing::Binding& binding) = 0;
    virtual Result<void> unbind(const std::string& exchange, const std::string& queue,
                                const routing::Binding& binding) = 0;
    /// How many ready messages went with it.
    virtual Result<std::uint32_t> purge(const std::string& queue) = 0;
    virtual Result<std::uint32_t> removeQueue(const std::string& queue) = 0;
    virtual Result<void> removeExchange(const std::string& exchange) = 0;

    virtual Result<void> enableConfirms() = 0;
    /// The publish's number where confirms are on, else 0. May be buffered until flush() or the
    /// next call that waits for an answer.
    virtual Result<std::uint64_t> publish(const Outgoing& message) = 0;
    virtual Result<void> flush() = 0;

    /// How many unacknowledged deliveries each later consumer may hold; 0: any number.
    virtual Result<void> setPrefetch(std::uint16_t count) = 0;
    /// The consumer's tag.
    virtual Result<std::string> consume(const std::string& queue,
                                        const ConsumeOptions& options) = 0;
    virtual Result<void> cancel(const std::string& consumer) = 0;
    virtual Result<void> ack(std::uint64_t tag, bool isMultiple = false) = 0;
    /// Several at once, each for itself: one way to the broker.
    virtual Result<void> ackEach(std::span<const std::uint64_t> tags);
    virtual Result<void> reject(std::uint64_t tag, bool isRequeued, bool isMultiple = false) = 0;
    /// One message without a subscription; nothing if the queue is empty.
    virtual Result<std::optional<Delivery>> get(const std::string& queue, bool isAutoAck) = 0;

    /// The next event; nothing if none came in `waitNs` (0: looks only) or `wakeFd` (if not -1)
    /// became readable.
    virtual Result<std::optional<Event>> next(Nanoseconds waitNs, int wakeFd = -1) = 0;

    /// Ends it in good order; what is unacknowledged goes back. The destructor does it, too.
    virtual void close() = 0;
    /// Ends it as a broken network would: nothing is said to the broker.
    virtual void cut() = 0;

    /// When (of CLOCK_MONOTONIC) to call next() although nothing may have come, because the broker
    /// wants to hear something; nothing: it does not.
    virtual std::optional<Nanoseconds> nextBeatNs() const { return std::nullopt; }
};

/// For people: "memory", "RabbitMQ 3.10.8 at amqp://host:5672/vhost". Never a password.
class Broker {
public:
    virtual ~Broker() = default;
    virtual std::string description() const = 0;
    /// Under which open() in another process of this run finds the same broker; may hold a
    /// password.
    virtual const std::string& address() const = 0;
    virtual Result<std::unique_ptr<Connection>> connect(const std::string& name) = 0;
};

/// "memory" makes a broker in this process; "memory:PATH" is one in another process, by its socket;
/// "amqp://user:password@host:port/vhost?heartbeat=SECONDS" (without one by default) is RabbitMQ,
/// tried by a first connection. An error is one sentence that says what is wrong and, where no
/// broker answers, what to run; never a password.
Result<std::unique_ptr<Broker>> open(const std::string& url);

/// The url without its password, for pictures, recordings and messages.
std::string withoutPassword(const std::string& url);

} // namespace interleave::broker
