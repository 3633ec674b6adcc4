// SPDX-License-Identifier: GPL-3.0-or-later
// A queue of the memory broker: its ready messages in the order in which they will go, and its
// consumers in the order in which their turn comes. Decides nothing; MemoryCore does.
#pragma once

#include "engine/broker/memory_message.h"

#include <deque>

namespace interleave::broker {

class Channel;
struct Consumer;

class MemoryQueue {
public:
    /// `owner`: the channel that an exclusive queue belongs to, else nothing.
    MemoryQueue(QueueSpec spec, const Channel* owner);

    const QueueSpec& spec() const { return m_spec; }
    const std::string& name() const { return m_spec.name; }
    const std::shared_ptr<const std::string>& sharedName() const { return m_name; }
    const Channel* owner() const { return m_owner; }

    std::size_t size() const { return m_size; }
    bool isEmpty() const { return m_size == 0; }
    /// Some message here expires, or did.
    bool mayExpire() const { return m_mayExpire; }

    void push(QueueEntry entry);
    /// To where it was before pop().
    void putBack(QueueEntry entry);
    /// The next one to go: of the highest priority the oldest. Not empty.
    const QueueEntry& front() const { return m_levels[highest()].front(); }
    QueueEntry pop();
    /// Everything, in the order of pop().
    std::vector<QueueEntry> takeAll();

    std::vector<Consumer*> consumers; // all of them
    std::deque<Consumer*> active;     // those that may have credit, by whose turn it is
    bool hadConsumer = false;
    Nanoseconds timerNs = kNever; // when MemoryCore looks at the head again

private:
    std::deque<QueueEntry>& levelOf(const QueueEntry& entry);
    std::size_t highest() const;

    QueueSpec m_spec;
    std::shared_ptr<const std::string> m_name;
    const Channel* m_owner;
    std::vector<std::deque<QueueEntry>> m_levels; // by priority
    std::size_t m_size = 0;
    std::uint64_t m_nextPosition = 0;
    bool m_mayExpire = false;
};

} // namespace interleave::broker
