// SPDX-License-Identifier: GPL-3.0-or-later
// A connection to a memory broker in another process, through its socket.
#pragma once

#include "engine/broker/event_backlog.h"
#include "engine/broker/wire.h"

namespace interleave::broker {

class SocketConnection final : public Connection {
public:
    /// `address`: "memory:PATH".
    static Result<std::unique_ptr<Connection>> open(const std::string& address);
    ~SocketConnection() override;

    bool isLost() const override { return m_fd < 0; }
    int fd() const override { return m_fd; }

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
    explicit SocketConnection(int fd)
        : m_fd(fd) {}

    Result<Reply> call(const Request& request);
    Result<void> callFor(const Request& request);
    Result<void> settle(const Settle& settle);
    Result<void> send();
    /// Reads what is there; an error once the connection is lost and all of it has been read.
    Result<void> readAvailable();
    void take(Answer answer);
    std::unexpected<Error> lose();

    int m_fd; // -1: lost or closed
    bool m_isClosed = false;
    std::vector<std::byte> m_out;
    FrameReader m_in;
    EventBacklog m_backlog;
    std::optional<Reply> m_reply;
    std::uint64_t m_sequence = 0;
    bool m_isConfirming = false;
};

} // namespace interleave::broker
