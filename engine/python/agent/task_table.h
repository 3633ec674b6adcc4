// SPDX-License-Identifier: GPL-3.0-or-later
// Which number a Python object (an asyncio task, a future of an executor) has as a task of ours.
// By address, without a reference and without a weak one, so the program sees nothing of it. An
// address may be used again: whoever adds an object says that it is new.
//
// The GIL is its lock; free-threaded interpreters take a ShortLock.
#pragma once

#include "engine/base/state.h"
#include "engine/python/agent/python_api.h"
#include "engine/python/agent/short_lock.h"

#include <cstdint>

namespace interleave::agent {

struct TaskEntry {
    const PyObject* object = nullptr;
    std::uint32_t number = 0;
    std::uint32_t step = 0;        // where it is suspended: what its next step is called
    PyObject* coroutine = nullptr; // borrowed; lives as long as the task is pending
    std::uint64_t suspendedAt = 0; // stamp
    std::uint32_t nameHash = 0;    // of the name that was recorded
    State state = State::Ready;
    bool isRunning = false;
    bool isReadyAgain = false; // made ready within its own step
    bool hasBegun = false;
    bool isElsewhere = false; // runs in another process
    TaskEntry* nextFree = nullptr;
};

class TaskTable {
public:
    TaskEntry* find(const PyObject* object);
    /// A new entry with the address; an older object's entry is gone. Null without memory.
    TaskEntry* add(const PyObject* object);
    void remove(TaskEntry* entry);
    /// In a forked child, whose parent's numbers mean nothing there.
    void reset();

private:
    struct Slot {
        const PyObject* object;
        TaskEntry* entry;
    };
    Slot* slotOf(const PyObject* object);
    bool grow();
    TaskEntry* newEntry();
    void removeSlot(Slot* slot);

    Slot* m_slots = nullptr;
    std::size_t m_capacity = 0; // a power of two
    std::size_t m_count = 0;
    TaskEntry* m_free = nullptr; // a list by TaskEntry::nextFree
    ShortLock m_lock;
};

} // namespace interleave::agent
