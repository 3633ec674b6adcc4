// SPDX-License-Identifier: GPL-3.0-or-later
// The memory broker's state and rules: AMQP 0-9-1 as RabbitMQ has it, as a machine without threads.
// Its owner guards it by one lock, calls expire() when nextDeadlineNs() has come, and sets the wake
// events of takeWakes() once the lock is free.
//
// A method that fails has ended the channel's consumers and given back what they held, as a broker
// does that closes the channel.
#pragma once

#include "engine/broker/broker_observer.h"
#include "engine/broker/memory_channel.h"
#include "engine/broker/memory_exchange.h"
#include "engine/broker/memory_queue.h"
#include "engine/broker/refusal.h"

#include <set>
#include <unordered_map>

namespace interleave::broker {

using ChannelPtr = std::shared_ptr<Channel>;

struct PublishRequest {
    MessagePtr message;
    bool isMandatory = false;
};

class MemoryCore {
public:
    MemoryCore();

    void setObserver(BrokerObserver* observer) { m_observer = observer; }

    // Lives of connections and of the broker itself.
    ChannelPtr openChannel();
    void closeChannel(Channel& channel);
    /// Every channel is lost, and with them what was not durable.
    void stop();
    void start() { m_isRunning = true; }
    bool isRunning() const { return m_isRunning; }

    Result<void> declare(Channel& channel, const ExchangeSpec& spec);
    Result<QueueState> declare(Channel& channel, const QueueSpec& spec);
    Result<QueueState> inspect(Channel& channel, const std::string& name);
    Result<void> bind(Channel& channel, const std::string& exchange, const std::string& queue,
                      const routing::Binding& binding);
    Result<void> unbind(Channel& channel, const std::string& exchange, const std::string& queue,
                        const routing::Binding& binding);
    Result<std::uint32_t> purge(Channel& channel, const std::string& name);
    Result<std::uint32_t> removeQueue(Channel& channel, const std::string& name);
    Result<void> removeExchange(Channel& channel, const std::string& name);

    Result<void> enableConfirms(Channel& channel);
    /// All of them, in order; the confirms of what was accepted come as few as can be.
    Result<void> publish(Channel& channel, std::span<const PublishRequest> requests);

    Result<std::string> consume(Channel& channel, const std::string& queue,
                                const ConsumeOptions& options);
    void cancel(Channel& channel, const std::string& consumer);
    Result<void> ack(Channel& channel, std::uint64_t tag, bool isMultiple);
    Result<void> reject(Channel& channel, std::uint64_t tag, bool isRequeued, bool isMultiple);
    Result<std::optional<Delivery>> get(Channel& channel, const std::string& queue, bool isAutoAck);

    Nanoseconds nextDeadlineNs() const;
    void expire();

    /// Channels whose readers wait and have something to read now.
    std::vector<ChannelPtr> takeWakes() { return std::exchange(m_wakes, {}); }

private:
    struct DeadLetter {
        MessagePtr message;
        std::string from;
    };
    using Queues = std::unordered_map<std::string, std::unique_ptr<MemoryQueue>>;

    // memory_core.cpp
    std::unexpected<Error> refuse(Channel& channel, ReplyCode code, std::string_view action,
                                  std::string_view detail);
    Result<MemoryQueue*> findQueue(Channel& channel, const std::string& name,
                                   std::string_view verb);
    Result<MemoryExchange*> findExchange(Channel& channel, const std::string& name,
                                         std::string_view verb);
    void endChannel(Channel& channel);
    void loseUnread(Channel& channel);
    void giveBack(std::vector<Ledger::Held> held);
    void dropTransient();
    void removeQueue(MemoryQueue& queue);
    void forgetBindings(const MemoryQueue& queue);
    void post(Channel& channel, Outbound outbound);
    void tell(Fate fate, std::string_view queue, const Message& message) const;
    std::string inventName(std::string_view prefix);

    // memory_publish.cpp
    const std::vector<MemoryQueue*>& route(const std::string& exchange, const Message& message);
    bool publishOne(Channel& channel, const PublishRequest& request);
    bool enqueue(MemoryQueue& queue, const MessagePtr& message, Fate fate);
    void die(MemoryQueue& queue, const QueueEntry& entry, Fate fate);
    void expireHeads(MemoryQueue& queue);
    void setTimer(MemoryQueue& queue);
    /// Sends dead letters on until there are none: what ends every method that may have made some.
    void settle();

    // memory_consume.cpp
    /// `isFresh`: all of it has come this moment, and goes to consumers that wait for it even if it
    /// has no time to live.
    void dispatch(MemoryQueue& queue, bool isFresh = false);
    void deliver(MemoryQueue& queue, Consumer& consumer);
    void removeConsumer(Consumer& consumer);
    Result<std::vector<Ledger::Held>> release(Channel& channel, std::uint64_t tag, bool isMultiple,
                                              std::string_view action);

    BrokerObserver* m_observer = nullptr;
    bool m_isRunning = true;
    std::vector<ChannelPtr> m_channels;
    std::unordered_map<std::string, std::unique_ptr<MemoryExchange>> m_exchanges;
    Queues m_queues;
    std::set<std::pair<Nanoseconds, MemoryQueue*>> m_timers;
    std::deque<DeadLetter> m_deadLetters;
    std::vector<MemoryQueue*> m_routed; // scratch of route()
    std::vector<ChannelPtr> m_wakes;
    std::uint64_t m_invented = 0;
};

} // namespace interleave::broker
