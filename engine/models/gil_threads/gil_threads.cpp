// SPDX-License-Identifier: GPL-3.0-or-later
// A worker holds the GIL while it executes a task and keeps it from one task to the next, as a
// worker of Python's pool does that finds its queue not empty. It drops it where CPython does:
// before a wait (I/O, sleep, a lock that could not be had at once), around `releases_gil` work, and
// at a check point when a waiter has asked. Sending a request and reading an answer that is there
// are done with the GIL held: short system calls, for which CPython drops and retakes it.
#include "engine/models/gil_threads/gil_threads.h"

#include "engine/models/blocking/thread_run.h"
#include "engine/models/gil_threads/gil.h"
#include "engine/models/parameters.h"
#include "engine/models/refusal.h"

namespace interleave::models {

namespace {

class GilHooks final : public WorkerHooks {
public:
    GilHooks(ThreadRun& run, record::Writer& writer, Gil& gil, StepId wholeTask)
        : WorkerHooks(run, writer)
        , m_gil(gil)
        , m_wholeTask(wholeTask) {}

    bool beginTask(TaskId task) override {
        if (m_isHeld && m_gil.isDropRequested()) {
            m_isHeld = false;
            m_gil.dropOnRequest(m_task, writer());
        }
        if (!m_isHeld) {
            return take(task, m_wholeTask);
        }
        m_gil.changeTask(m_task, task, writer());
        m_task = task;
        return true;
    }

    void idle() override {
        if (m_isHeld) {
            beginBlocking(m_task);
        }
    }

    void beginBlocking(TaskId task) override {
        m_isHeld = false;
        m_gil.drop(task, writer());
    }

    bool endBlocking(TaskId task, StepId step) override { return take(task, step); }

    bool checkPoint(TaskId task, StepId step) override {
        if (!m_gil.isDropRequested()) [[likely]] {
            return false;
        }
        m_isHeld = false;
        recordWaiting(task, step);
        m_gil.dropOnRequest(task, writer());
        take(task, step); // if that fails the run is being stopped, which the caller finds itself
        return true;
    }

private:
    bool take(TaskId task, StepId step) {
        m_task = task;
        m_isHeld = m_gil.tryTake(task, writer());
        if (!m_isHeld) {
            recordWaiting(task, step);
            m_isHeld = m_gil.take(task, writer());
        }
        return m_isHeld;
    }

    void recordWaiting(TaskId task, StepId step) {
        writer().state(task, State::WaitingGil, {m_gil.object(), step, false});
    }

    Gil& m_gil;
    StepId m_wholeTask;
    TaskId m_task; // who had it last on this thread
    bool m_isHeld = false;
};

class GilThreads final : public Model {
public:
    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program, const Parameters&) const override {
        return refuseCrashAndMessaging(program, m_info.id);
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        Gil gil(context.gil, durationParameter(context.parameters, "switch_interval"));
        ThreadRunOptions options;
        options.workers = context.workers;
        options.isThreadPerTask = textParameter(context.parameters, "pool") == "per-task";
        options.makeHooks = [&](ThreadRun& run, record::Writer& writer) {
            return std::make_unique<GilHooks>(run, writer, gil,
                                              extraStep(context, ExtraStep::Task));
        };
        options.onStop = [&gil] { gil.cancel(); };
        return ThreadRun::execute(context, options);
    }

private:
    ModelInfo m_info{
        "gil-threads",
        "Threads with a GIL",
        "A pool of threads under one interpreter lock: only its holder computes. A thread gives it "
        "up when it waits, or when another one has waited a whole switch interval and asks.",
        "One crowded kitchen, many cooks, one knife. Who chops too long is asked for the knife; "
        "whoever waits for the oven lays it down.",
        {{"switch_interval", "5 ms", "duration", "10 µs to 10 s",
          "how long a thread waits for the GIL before it asks the holder to drop it"},
         {"pool", "fixed", "choice", "fixed, per-task",
          "fixed: a pool of --workers threads; per-task: a thread of its own for every task"}},
        true};
};

} // namespace

std::unique_ptr<const Model> makeGilThreads() {
    return std::make_unique<GilThreads>();
}

} // namespace interleave::models
