// SPDX-License-Identifier: GPL-3.0-or-later
// Open addressing with linear probing; a removal moves later entries of the cluster back.
// Source: D. Knuth, The Art of Computer Programming 3, section 6.4, algorithm R.
#include "engine/python/agent/task_table.h"

#include "engine/python/agent/gil_guard.h"

#include <cstdlib>
#include <new>

namespace interleave::agent {

namespace {

constexpr std::size_t kFirstCapacity = 256;
constexpr std::size_t kEntriesPerBlock = 64;

std::size_t hashOf(const PyObject* object) {
    const auto address = reinterpret_cast<std::uintptr_t>(object);
    return static_cast<std::size_t>((address >> 4) * 0x9e37'79b9'7f4a'7c15u >> 20);
}

} // namespace

TaskTable::Slot* TaskTable::slotOf(const PyObject* object) {
    std::size_t index = hashOf(object) & (m_capacity - 1);
    while (m_slots[index].object != nullptr && m_slots[index].object != object) {
        index = (index + 1) & (m_capacity - 1);
    }
    return &m_slots[index];
}

TaskEntry* TaskTable::find(const PyObject* object) {
    const GilGuard guard(m_lock);
    if (!guard || m_count == 0) {
        return nullptr;
    }
    return slotOf(object)->entry;
}

TaskEntry* TaskTable::add(const PyObject* object) {
    const GilGuard guard(m_lock);
    if (!guard || ((m_count + 1) * 2 > m_capacity && !grow())) {
        return nullptr;
    }
    Slot* slot = slotOf(object);
    if (slot->entry == nullptr) {
        TaskEntry* entry = newEntry();
        if (entry == nullptr) {
            return nullptr;
        }
        *slot = {object, entry};
        ++m_count;
    }
    *slot->entry = TaskEntry{};
    slot->entry->object = object;
    return slot->entry;
}

void TaskTable::remove(TaskEntry* entry) {
    const GilGuard guard(m_lock);
    if (!guard || m_count == 0) {
        return;
    }
    Slot* slot = slotOf(entry->object);
    if (slot->entry != entry) {
        return;
    }
    removeSlot(slot);
    --m_count;
    entry->nextFree = m_free;
    m_free = entry;
}

void TaskTable::removeSlot(Slot* slot) {
    const std::size_t mask = m_capacity - 1;
    auto hole = static_cast<std::size_t>(slot - m_slots);
    for (std::size_t next = (hole + 1) & mask; m_slots[next].object != nullptr;
         next = (next + 1) & mask) {
        const std::size_t home = hashOf(m_slots[next].object) & mask;
        if (((next - home) & mask) >= ((next - hole) & mask)) {
            m_slots[hole] = m_slots[next];
            hole = next;
        }
    }
    m_slots[hole] = {};
}

void TaskTable::reset() {
    m_lock.reset();
    for (std::size_t i = 0; i < m_capacity; ++i) {
        if (m_slots[i].entry != nullptr) {
            m_slots[i].entry->nextFree = m_free;
            m_free = m_slots[i].entry;
        }
        m_slots[i] = {};
    }
    m_count = 0;
}

bool TaskTable::grow() {
    const std::size_t capacity = m_capacity == 0 ? kFirstCapacity : m_capacity * 2;
    auto* slots = static_cast<Slot*>(std::calloc(capacity, sizeof(Slot)));
    if (slots == nullptr) {
        return false;
    }
    Slot* const old = m_slots;
    const std::size_t oldCapacity = m_capacity;
    m_slots = slots;
    m_capacity = capacity;
    for (std::size_t i = 0; i < oldCapacity; ++i) {
        if (old[i].object != nullptr) {
            *slotOf(old[i].object) = old[i];
        }
    }
    std::free(old);
    return true;
}

TaskEntry* TaskTable::newEntry() {
    if (m_free == nullptr) {
        void* block = std::malloc(kEntriesPerBlock * sizeof(TaskEntry));
        if (block == nullptr) {
            return nullptr;
        }
        for (std::size_t i = 0; i < kEntriesPerBlock; ++i) {
            auto* entry = new (static_cast<char*>(block) + i * sizeof(TaskEntry)) TaskEntry{};
            entry->nextFree = m_free;
            m_free = entry;
        }
    }
    TaskEntry* entry = m_free;
    m_free = entry->nextFree;
    return entry;
}

} // namespace interleave::agent
