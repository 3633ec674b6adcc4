// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/broker/memory_queue.h"

#include <algorithm>
#include <utility>

namespace interleave::broker {

MemoryQueue::MemoryQueue(QueueSpec spec, const Channel* owner)
    : m_spec(std::move(spec))
    , m_name(std::make_shared<const std::string>(m_spec.name))
    , m_owner(owner)
    , m_levels(std::size_t{m_spec.maxPriority} + 1) {}

std::deque<QueueEntry>& MemoryQueue::levelOf(const QueueEntry& entry) {
    return m_levels[std::min(entry.message->properties.priority, m_spec.maxPriority)];
}

std::size_t MemoryQueue::highest() const {
    std::size_t level = m_levels.size() - 1;
    while (level > 0 && m_levels[level].empty()) {
        --level;
    }
    return level;
}

void MemoryQueue::push(QueueEntry entry) {
    entry.position = m_nextPosition++;
    m_mayExpire = m_mayExpire || entry.expiresNs != kNever;
    levelOf(entry).push_back(std::move(entry));
    ++m_size;
}

void MemoryQueue::putBack(QueueEntry entry) {
    std::deque<QueueEntry>& level = levelOf(entry);
    // Mostly the first place; others only when somebody else took what was behind it.
    const auto place = std::ranges::lower_bound(level, entry.position, {}, &QueueEntry::position);
    level.insert(place, std::move(entry));
    ++m_size;
}

QueueEntry MemoryQueue::pop() {
    std::deque<QueueEntry>& level = m_levels[highest()];
    QueueEntry entry = std::move(level.front());
    level.pop_front();
    --m_size;
    return entry;
}

std::vector<QueueEntry> MemoryQueue::takeAll() {
    std::vector<QueueEntry> all;
    all.reserve(m_size);
    while (!isEmpty()) {
        all.push_back(pop());
    }
    return all;
}

} // namespace interleave::broker
