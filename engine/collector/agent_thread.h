// SPDX-License-Identifier: GPL-3.0-or-later
// AgentThread: from what the agent says of one thread (it takes the interpreter lock, waits, enters
// a call) to what the collector understands: states of tasks. Whatever the thread does is done by
// the task on it: the innermost of an asyncio step, a pool's item, or else the thread itself, which
// is a task of its own.
//
//   agent                            tasks
//   ThreadStarted                    thread: running
//   LockWaited GIL                   thread: waiting_gil
//   LockAcquired GIL                 thread: running, holds the GIL
//   Running of item 7                thread: suspended; item 7: running
//   CallBegan read                   item 7: waiting_io
//   LockWaited GIL                   item 7: waiting_gil
//   LockAcquired GIL                 item 7: running
//   Done of item 7                   item 7: done; thread: running
//
// What isn't known isn't shown: after dropped events the thread is in no state until one tells.
#pragma once

#include "engine/base/state.h"
#include "engine/collector/agent_process.h"
#include "engine/record/event.h"

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace interleave::collector {

/// What threads need to know of the session around them.
struct AgentNames {
    std::vector<ObjectRole> roles; // by ObjectId - 1
    /// When objects failed (the agent saw what can't be true), by object; in stamps.
    std::unordered_map<std::uint32_t, std::uint64_t> failures;
    /// The name of a blocking call as a step, by its number.
    std::function<std::uint32_t(record::BlockingCall)> stepOfCall;
    /// The task of a thread of a process (0: unknown), and that of the one that made a process.
    std::function<std::uint32_t(const AgentProcess&, std::uint32_t tid)> taskOfThread;
    std::function<std::uint32_t(const AgentProcess&)> makerOfProcess;
};

class AgentThread {
public:
    /// `task`: the thread's own; 0 in a model, where a thread is no task. All must outlive it.
    AgentThread(const AgentProcess& process, const AgentNames& names)
        : m_process(process)
        , m_names(names) {}
    void setTask(std::uint32_t task);

    /// Appends to `to` what the events mean, with numbers of the session; returns how many were
    /// taken. Stops before one with a number that isn't known yet; with `isLast` that one is
    /// counted as a fault and left out.
    std::size_t translate(std::span<const record::Event> events, bool isLast,
                          std::vector<record::Event>& to);
    std::uint64_t unknownNumbers() const { return m_unknownNumbers; }

private:
    struct Occupant {
        std::uint32_t task = 0;
        std::uint32_t step = 0;
    };
    struct Activity {
        State state = State::Running;
        std::uint32_t object = 0;
        std::uint32_t callStep = 0; // the blocking call's name
        bool isKnown = false;
        bool isCall = false;
    };
    struct Hold {
        std::uint32_t object = 0;
        std::uint32_t task = 0;
    };
    /// The state that was written last for the task on top.
    struct Shown {
        std::uint32_t task = 0;
        std::uint32_t detail = 0;
        State state = State::Running;
        bool operator==(const Shown&) const = default;
    };

    bool knowsNumbers(const record::Event& event) const;
    void take(const record::Event& event);
    void takeState(const record::Event& event);
    void takeUnknown(std::uint32_t task);
    void takeAcquired(std::uint32_t object, std::uint32_t how);
    void takeReleased(std::uint32_t object);
    void takeWaited(std::uint32_t object, std::uint32_t holderTid);
    void takeStarted(const record::Event& event);
    void takeGaveUp(std::uint32_t object);
    void takeGap(const record::Event& event);

    void setActivity(Activity activity);
    void showTop();
    void suspendTop();
    void popTo(std::size_t depth);
    std::size_t depthOf(std::uint32_t task) const;
    std::uint32_t topTask() const { return m_stack.empty() ? 0 : m_stack.back().task; }
    ObjectRole roleOf(std::uint32_t object) const { return m_names.roles[object - 1]; }
    bool hasFailed(std::uint32_t object, std::uint64_t stamp) const;
    void put(record::EventKind kind, std::uint32_t a, std::uint32_t b);
    void putState(std::uint32_t task, State state, record::StateDetail detail);

    const AgentProcess& m_process;
    const AgentNames& m_names;
    std::vector<Occupant> m_stack; // the thread's own task first
    Activity m_activity;
    Shown m_shown;
    std::vector<Hold> m_holds; // as whose they were taken; few
    std::uint64_t m_stamp = 0; // of the event at hand
    std::uint64_t m_lastStamp = 0;
    std::vector<record::Event>* m_to = nullptr;
    bool m_hasTask = false;
    bool m_hasEnded = false;
    bool m_hadGap = false;
    std::uint64_t m_unknownNumbers = 0;
};

} // namespace interleave::collector
