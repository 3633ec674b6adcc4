// SPDX-License-Identifier: GPL-3.0-or-later
// A connection of a thread of this process to the memory broker: calls its core directly. Publishes
// are collected and deliveries fetched many at a time, so that the lock is taken once for many.
#pragma once

#include "engine/broker/memory_shared.h"

namespace interleave::broker {

class MemoryConnection final : public Connection {
public:
    MemoryConnection(std::shared_ptr<MemoryShared> shared, ChannelPtr channel);
    ~MemoryConnection() override;

    bool isLost() const override;
    int fd() const override { return m_channel->wake.fd(); }

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
    void close() override { end(true); }
    void cut() override { end(false); }

private:
    /// body(core) after all that was published; an error if the connection is lost.
    template <class Body>
    auto call(Body&& body) -> decltype(body(std::declval<MemoryCore&>()));
    Result<void> publishPending(MemoryCore& core);
    std::optional<Event> takeRead();
    void end(bool isOrderly);
    void dropStale();
    Error lostError() const;

    std::shared_ptr<MemoryShared> m_shared;
    ChannelPtr m_channel;
    std::vector<PublishRequest> m_pending;
    std::size_t m_pendingBytes = 0;
    std::vector<Outbound> m_read; // fetched from the channel
    std::size_t m_nextRead = 0;
    std::uint64_t m_sequence = 0;
    bool m_isConfirming = false;
    bool m_isClosed = false;
};

} // namespace interleave::broker
