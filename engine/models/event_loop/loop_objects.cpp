// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/loop_objects.h"

#include <algorithm>
#include <utility>

namespace interleave::models {

namespace {

using record::Acquisition;
using record::EventKind;
using scenario::Action;

std::uint32_t acquiredWord(ObjectId id, Acquisition how) {
    return id.value | static_cast<std::uint32_t>(how) << 16;
}

template <class T>
T takeFirst(std::deque<T>& queue) {
    T first = queue.front();
    queue.pop_front();
    return first;
}

} // namespace

LoopObjects::LoopObjects(Loop& loop, const scenario::Program& program,
                         std::function<void(LoopTask&)> onWait)
    : m_loop(loop)
    , m_objects(program.objects.size())
    , m_onWait(std::move(onWait)) {
    for (std::size_t i = 0; i < m_objects.size(); ++i) {
        m_objects[i].declaration = &program.objects[i];
        m_objects[i].free = program.objects[i].capacity;
    }
}

bool LoopObjects::tryPass(LoopTask& task, const Action& action) {
    switch (action.kind) {
    case Action::Kind::Acquire:
        return tryAcquire(task, action.object);
    case Action::Kind::Barrier:
        return arrive(task, action.object);
    case Action::Kind::Put:
        return tryTakePlace(action.object);
    case Action::Kind::Get:
        return tryTakeItem(task, action.object);
    default:
        return true;
    }
}

void LoopObjects::finish(LoopTask& task, const Action& action) {
    if (action.kind == Action::Kind::Put) {
        put(action.object);
    } else if (action.kind == Action::Kind::Get) {
        get(task, action.object);
    }
}

bool LoopObjects::tryAcquire(LoopTask& task, ObjectId id) {
    LoopObject& object = at(id);
    if (object.free == 0) {
        return false;
    }
    --object.free;
    object.holders.push_back(&task);
    task.held.push_back(id);
    m_loop.writer().acquired(task.id(), id, Acquisition::Free);
    return true;
}

void LoopObjects::release(LoopTask& task, ObjectId id) {
    LoopObject& object = at(id);
    const std::uint64_t stamp = m_loop.writer().now();
    m_loop.writer().emitAt(stamp, EventKind::LockReleased, task.id().value, id.value);
    // A permit may be released by a task that never acquired it; then the oldest holder's goes.
    auto holder = std::ranges::find(object.holders, &task);
    if (holder == object.holders.end()) {
        holder = object.holders.begin();
    }
    if (holder != object.holders.end()) {
        std::erase_if((*holder)->held, [id, isFirst = true](ObjectId held) mutable {
            return held == id && std::exchange(isFirst, false);
        });
        object.holders.erase(holder);
    }
    if (object.waiting.empty()) {
        ++object.free;
        return;
    }
    LoopTask& next = *takeFirst(object.waiting);
    object.holders.push_back(&next);
    next.held.push_back(id);
    m_loop.writer().emitAt(stamp, EventKind::LockAcquired, next.id().value,
                           acquiredWord(id, Acquisition::Handoff));
    m_loop.makeReady(next, stamp); // the hand-over is seen from the two lock events
}

void LoopObjects::releaseLocks(LoopTask& task) {
    const std::vector<ObjectId> held = task.held;
    for (auto id = held.rbegin(); id != held.rend(); ++id) {
        if (at(*id).declaration->kind == scenario::ObjectKind::Lock) {
            release(task, *id);
        }
    }
}

bool LoopObjects::arrive(LoopTask& task, ObjectId id) {
    LoopObject& object = at(id);
    if (--object.free > 0) {
        return false;
    }
    object.free = object.declaration->capacity;
    const std::uint64_t stamp = m_loop.writer().now();
    while (!object.waiting.empty()) {
        wake(*takeFirst(object.waiting), task, stamp);
    }
    return true;
}

bool LoopObjects::tryTakePlace(ObjectId id) {
    LoopObject& object = at(id);
    if (object.free == 0) {
        return false;
    }
    --object.free;
    return true;
}

void LoopObjects::put(ObjectId id) {
    LoopObject& object = at(id);
    const std::uint32_t item = ++m_lastItem;
    const std::uint64_t stamp = m_loop.writer().now();
    m_loop.writer().emitAt(stamp, EventKind::QueuePut, item, id.value);
    if (object.waiting.empty()) {
        object.items.push_back(item);
        return;
    }
    LoopTask& getter = *takeFirst(object.waiting);
    getter.item = item;
    m_loop.makeReady(getter, stamp); // the delivery is seen from the two queue events
}

bool LoopObjects::tryTakeItem(LoopTask& task, ObjectId id) {
    LoopObject& object = at(id);
    if (object.items.empty()) {
        return false;
    }
    task.item = takeFirst(object.items);
    return true;
}

void LoopObjects::get(LoopTask& task, ObjectId id) {
    LoopObject& object = at(id);
    const std::uint64_t stamp = m_loop.writer().now();
    m_loop.writer().emitAt(stamp, EventKind::QueueGot, task.item, id.value);
    if (object.putting.empty()) {
        ++object.free;
        return;
    }
    wake(*takeFirst(object.putting), task, stamp); // the place is the putter's from now on
}

void LoopObjects::wait(LoopTask& task, std::coroutine_handle<> where, const Action& action) {
    LoopObject& object = at(action.object);
    const bool isPutting = action.kind == Action::Kind::Put;
    (isPutting ? object.putting : object.waiting).push_back(&task);
    task.waitsFor = &action;
    m_loop.suspend(task, where, isPutting ? State::Blocked : State::WaitingLock, action.object);
    m_onWait(task);
}

void LoopObjects::wake(LoopTask& sleeper, const LoopTask& waker, std::uint64_t stamp) {
    m_loop.writer().emitAt(stamp, EventKind::Woken, sleeper.id().value, waker.id().value);
    m_loop.makeReady(sleeper, stamp);
}

} // namespace interleave::models
