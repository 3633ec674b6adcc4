// SPDX-License-Identifier: GPL-3.0-or-later
// A connection as the memory broker sees it: its consumers, what they hold unacknowledged, and what
// waits to be read by it. Everything in here is guarded by the broker's lock.
#pragma once

#include "engine/broker/memory_message.h"
#include "engine/broker/wake_event.h"

#include <atomic>
#include <deque>
#include <map>

namespace interleave::broker {

class Channel;
class MemoryQueue;

struct Consumer {
    std::shared_ptr<const std::string> tag;
    MemoryQueue* queue = nullptr;
    Channel* channel = nullptr;
    std::uint32_t prefetch = 0; // 0: any number
    std::uint32_t unacked = 0;
    bool isAutoAck = false;
    bool isExclusive = false;
    bool isBlocked = false; // out of MemoryQueue::active until it has credit

    bool hasCredit() const { return isAutoAck || prefetch == 0 || unacked < prefetch; }
};

/// A delivery that waits to be read, or another event.
struct Outbound {
    MessagePtr message; // nothing: see `event`
    std::shared_ptr<const std::string> consumer;
    std::shared_ptr<const std::string> queue; // its name
    std::uint64_t tag = 0;
    bool isRedelivered = false;
    bool isAutoAck = false;
    std::unique_ptr<Event> event;
};
Event toEvent(Outbound outbound);

/// What a channel holds unacknowledged, by delivery tag. Tags come in order and mostly go in order.
class Ledger {
public:
    struct Held {
        MemoryQueue* queue = nullptr; // nothing: acknowledged, or its queue is gone
        Consumer* consumer = nullptr; // nothing: got by get(), or the consumer is gone
        QueueEntry entry;
        bool isHeld = false;
    };

    /// `tag` is greater than all before.
    void hold(std::uint64_t tag, Held held);
    Held* find(std::uint64_t tag);
    /// Takes one, or all up to it.
    std::vector<Held> take(std::uint64_t tag, bool isMultiple);
    std::vector<Held> takeAll();

    template <class Body>
    void forEach(Body&& body) {
        for (Held& held : m_held) {
            if (held.isHeld) {
                body(held);
            }
        }
    }

private:
    void dropTaken();

    std::deque<Held> m_held; // index = tag - m_firstTag
    std::uint64_t m_firstTag = 0;
};

class Channel : public std::enable_shared_from_this<Channel> {
public:
    std::atomic<bool> isLost = false; // its broker has stopped, or it was closed; read by anybody
    bool isConfirming = false;
    std::uint32_t prefetch = 0;
    std::uint64_t published = 0; // since confirms were enabled
    std::uint64_t lastTag = 0;
    /// Tags up to it died with the channel's last error: whoever names one is late, not wrong.
    std::uint64_t staleTag = 0;
    std::map<std::string, std::unique_ptr<Consumer>, std::less<>> consumers;
    Ledger unacked;
    std::vector<Outbound> outbox;
    bool isReaderWaiting = false; // wants `wake` set when something comes
    WakeEvent wake;
};

} // namespace interleave::broker
