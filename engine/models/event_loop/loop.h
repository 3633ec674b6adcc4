// SPDX-License-Identifier: GPL-3.0-or-later
// Loop: the ready queue, Asio's io_context and the record of every switch. A task is resumed, runs
// until it suspends itself, and the next one begins at the very stamp at which it stopped: one
// clock read a switch.
//
// A task that waited is shown `ready` from the moment at which it could have gone on, which may lie
// long before the loop noticed; so its Ready event is written late and dated back.
//
// Thread: the loop's own, except postReady() and asio::post to io().
#pragma once

#include "engine/models/event_loop/loop_task.h"
#include "engine/models/event_loop/ready_queue.h"
#include "engine/record/writer.h"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <cstdint>

namespace interleave::models {

inline constexpr std::uint32_t kReadyQueueCounter = 1;
inline constexpr std::uint32_t kPoolQueueCounter = 2;

class Loop {
public:
    Loop(record::Writer& writer, const record::Clock& clock);

    asio::io_context& io() { return m_io; }
    record::Writer& writer() { return m_writer; }

    /// Puts a task into the ready queue; it could have gone on since `stamp`.
    void makeReady(LoopTask& task, std::uint64_t stamp);
    /// The running task stops here and waits: to be called last before its coroutine suspends.
    void suspend(LoopTask& task, std::coroutine_handle<> where, State state, ObjectId object = {});
    /// The running task goes to the end of the ready queue.
    void yield(LoopTask& task, std::coroutine_handle<> where);
    /// For tasks that announce nothing: they could have gone on since `stamp`.
    void showReady(LoopTask& task, std::uint64_t stamp);
    /// What the running task does from now on is called `step`.
    void enter(LoopTask& task, StepId step);

    /// The running task holds the whole loop while it waits: a blocking call in a coroutine.
    void blockLoop(LoopTask& task, State state);
    /// The blocking call could have returned at `ready` and did so at `awake`.
    void unblockLoop(LoopTask& task, std::uint64_t ready, std::uint64_t awake);

    /// Something outside the loop (a timer, a socket, a pool) will make a task ready.
    void expect() { ++m_expected; }
    void arrived() { --m_expected; }

    /// What something outside says when it is done with an expected task. Any thread.
    void postReady(LoopTask& task);

    /// Takes in what timers and sockets have to say; waits for it if nobody is ready. False: nobody
    /// is ready and nothing is expected.
    bool poll();
    bool hasReady() const { return !m_ready.isEmpty(); }
    std::size_t readyCount() const { return m_ready.size(); }
    /// Resumes the first of the ready queue and returns it when it has suspended or ended.
    LoopTask& resumeNext();
    /// Records an end mark of the running task, or what it does after one; the next task's span
    /// begins at this stamp.
    void show(LoopTask& task, State state, StepId step);
    /// The running task has suspended itself, and the loop had to do something for it after that.
    void restamp() { m_stamp = m_writer.now(); }
    /// The last switch; the next resume begins there, so nothing of that task may be dated later.
    std::uint64_t stamp() const { return m_stamp; }

private:
    void showLevel(std::uint64_t stamp);

    record::Writer& m_writer;
    asio::io_context m_io{1};
    // A pool's answer is posted from outside: the io_context has work although it knows of none.
    asio::executor_work_guard<asio::io_context::executor_type> m_work{m_io.get_executor()};
    ReadyQueue<LoopTask*> m_ready;
    std::uint64_t m_stamp = 0; // the last switch
    record::ClockKind m_clock;
    std::uint64_t m_pollInterval; // in ticks
    std::uint64_t m_nextPoll = 0;
    std::size_t m_expected = 0;
    std::size_t m_shownLevel = 0;
};

} // namespace interleave::models
