// SPDX-License-Identifier: GPL-3.0-or-later
// LoopObjects: locks, semaphores, barriers and bounded queues of one event loop. One thread uses
// them, so they need no atomics; whoever waited longest is served first, and what is handed to a
// waiter can't be snatched by a task that comes later.
//
// Use: `co_await PassObject{objects, task, action}`.
#pragma once

#include "engine/models/event_loop/loop.h"

#include <deque>
#include <functional>
#include <vector>

namespace interleave::models {

struct LoopObject {
    const scenario::Object* declaration = nullptr;
    std::uint32_t free = 0; // permits nobody holds; a barrier's parties that are missing; places
    std::vector<LoopTask*> holders;  // of a lock or of permits
    std::deque<LoopTask*> waiting;   // acquirers, a barrier's early parties, getters
    std::deque<LoopTask*> putting;   // putters that wait for a place
    std::deque<std::uint32_t> items; // in the queue, promised to nobody
};

class LoopObjects {
public:
    /// `onWait` is told of each task that begins to wait: it may have closed a cycle.
    LoopObjects(Loop& loop, const scenario::Program& program,
                std::function<void(LoopTask&)> onWait);

    /// Tries an Acquire, Barrier, Put or Get. False: the task has to wait().
    bool tryPass(LoopTask& task, const scenario::Action& action);
    /// The task's action could not pass: it waits, in the order of arrival.
    void wait(LoopTask& task, std::coroutine_handle<> where, const scenario::Action& action);
    /// What the task itself does once its action has passed, at once or after a wait.
    void finish(LoopTask& task, const scenario::Action& action);
    void release(LoopTask& task, ObjectId id);
    /// Frees the locks of a task that has failed; permits are the scenario's own business.
    void releaseLocks(LoopTask& task);
    const LoopObject& object(ObjectId id) const { return m_objects[id.value - 1]; }

private:
    bool tryAcquire(LoopTask& task, ObjectId id);
    bool arrive(LoopTask& task, ObjectId id);
    bool tryTakePlace(ObjectId id);
    bool tryTakeItem(LoopTask& task, ObjectId id);
    void put(ObjectId id);
    void get(LoopTask& task, ObjectId id);
    LoopObject& at(ObjectId id) { return m_objects[id.value - 1]; }
    void wake(LoopTask& sleeper, const LoopTask& waker, std::uint64_t stamp);

    Loop& m_loop;
    std::vector<LoopObject> m_objects; // index = ObjectId.value - 1
    std::function<void(LoopTask&)> m_onWait;
    std::uint32_t m_lastItem = 0;
};

/// An Acquire, Barrier, Put or Get.
struct PassObject {
    LoopObjects& objects;
    LoopTask& task;
    const scenario::Action& action;

    bool await_ready() { return objects.tryPass(task, action); }
    void await_suspend(std::coroutine_handle<> where) { objects.wait(task, where, action); }
    void await_resume() { objects.finish(task, action); }
};

} // namespace interleave::models
