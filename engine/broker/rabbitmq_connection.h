// SPDX-License-Identifier: GPL-3.0-or-later
// A connection to RabbitMQ. Publishes and acknowledgements are written into a buffer of our own and
// sent many at a time; everything else is rabbitmq-c's.
#pragma once

#include "engine/broker/event_backlog.h"
#include "engine/broker/rabbitmq_content.h"
#include "engine/broker/rabbitmq_link.h"
#include "engine/broker/refusal.h"

struct amqp_rpc_reply_t_;

namespace interleave::broker {

class RabbitMqConnection final : public Connection {
public:
    /// `place`: of the broker, for errors.
    RabbitMqConnection(std::unique_ptr<RabbitMqLink> link, const BrokerUrl& url);
    ~RabbitMqConnection() override;

    bool isLost() const override { return !m_link; }
    int fd() const override { return m_link ? m_link->fd() : -1; }
    std::optional<Nanoseconds> nextBeatNs() const override;

    Result<void> declare(const ExchangeSpec& exchange) override;
    Result<QueueState> declare(const QueueSpec& queue) override;
    Result<QueueState> inspect(const std::string& queue) override;
    Result<void> bind(const std::string& exchange, const std::string& queue,
                      const routing::Binding& binding) override;
    Result<void> unbind(const std::string& exchange, const std::string& queue,
                        const routing::Binding& binding) override;
    Result<std::uint32_t> purge(const std::string& queue) override;
    Result<std::uint32_t> removeQueue(const std::string& queue) override;
    Result<void> removeExchange(const std::string& exchange) override;
    Result<void> enableConfirms() override;
    Result<std::uint64_t> publish(const Outgoing& message) override;
    Result<void> flush() override;
    Result<void> setPrefetch(std::uint16_t count) override;
    Result<std::string> consume(const std::string& queue, const ConsumeOptions& options) override;
    Result<void> cancel(const std::string& consumer) override;
    Result<void> ack(std::uint64_t tag, bool isMultiple) override;
    Result<void> ackEach(std::span<const std::uint64_t> tags) override;
    Result<void> reject(std::uint64_t tag, bool isRequeued, bool isMultiple) override;
    Result<std::optional<Delivery>> get(const std::string& queue, bool isAutoAck) override;
    Result<std::optional<Event>> next(Nanoseconds waitNs, int wakeFd) override;
    void close() override;
    void cut() override;

private:
    // rabbitmq_connection.cpp: calls
    template <class Call>
    Result<void> call(std::string_view verb, std::string_view name, Call&& body);
    Result<QueueState> declareQueue(std::string_view verb, const QueueSpec& queue, bool isPassive);
    Result<void> settle(std::uint64_t tag,
                        void (*append)(std::vector<std::byte>&, std::uint64_t, bool, bool),
                        bool isRequeued, bool isMultiple);
    std::unexpected<Error> refused(const amqp_rpc_reply_t_& reply, std::string_view verb,
                                   std::string_view name);

    // rabbitmq_traffic.cpp: what goes out and comes in by itself
    Result<void> ready();
    /// Reads what is there; with `isOneEnough` no further than one event.
    void readFrames(bool isOneEnough);
    bool readFrame(Nanoseconds waitNs);
    void take(const amqp_frame_t_& frame);
    void takeMethod(const amqp_frame_t_& frame);
    void keepContent(std::optional<Event> event);
    void failChannel(std::uint16_t code, std::string_view text, std::string_view action);
    void reopenChannel();
    void beat();
    void lose(std::string_view why);
    Error lostError() const;

    std::unique_ptr<RabbitMqLink> m_link; // nothing: lost or closed
    std::string m_place;
    std::string m_whyLost;
    std::vector<std::byte> m_out;
    EventBacklog m_backlog;
    IncomingContent m_content;
    std::optional<Delivery> m_got; // the answer to get()
    bool m_isGetting = false;
    bool m_isChannelClosed = false; // by the broker; to be opened again
    bool m_isBlocked = false;
    bool m_isConfirming = false;
    std::uint16_t m_prefetch = 0;
    // A new channel counts from 1 again; callers see numbers that go on.
    std::uint64_t m_sequence = 0;
    std::uint64_t m_sequenceOffset = 0;
    std::uint64_t m_lastTag = 0;
    std::uint64_t m_tagOffset = 0;
    Nanoseconds m_heartbeatNs = 0; // 0: none
    Nanoseconds m_lastBeatNs = 0;
};

} // namespace interleave::broker
