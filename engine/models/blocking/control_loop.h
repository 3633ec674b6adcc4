// SPDX-License-Identifier: GPL-3.0-or-later
// ControlLoop: what the control thread of a run does while workers work: it submits tasks when
// they fall due, looks for a deadlock now and then, and returns when all tasks have ended, the run
// is deadlocked, or it was stopped. How a submitted task gets a worker is the model's business.
#pragma once

#include "engine/models/blocking/run_stop.h"
#include "engine/models/model.h"
#include "engine/models/schedule/submissions.h"
#include "engine/models/sync/deadlock_watch.h"

#include <functional>
#include <span>

namespace interleave::models {

class ControlLoop {
public:
    /// Called in the control thread with tasks that are recorded as queued and marked as submitted.
    using Submit = std::function<void(std::span<const TaskId>)>;
    /// What a model does beside the pool that submitted tasks run on; each may be empty. Called in
    /// the control thread.
    struct Company {
        /// In every round. Returns the moment (of monotonicNow()) at which it wants to be called
        /// again at the latest.
        std::function<Nanoseconds()> look;
        /// Something may begin a task by itself: a message is on its way.
        std::function<bool()> isUnderWay;
    };

    ControlLoop(const RunContext& context, SharedObjects& objects, Staffing staffing);

    /// Runs to the end; rings the bell itself when it finds a deadlock.
    RunOutcome run(RunStop& stop, const Submit& submit, const Company& company = {});
    /// A task has ended and is marked so. Any thread.
    void taskEnded(TaskId task, State end);
    /// Makes run() look at what is new. Any thread, also from RunStop's onRing.
    void wake();
    /// After the last worker is gone: every task that has not ended gets its end mark.
    void cancelRest();

private:
    void submitDue(const Submit& submit);

    const RunContext& m_context;
    SharedObjects& m_objects;
    Submissions m_submissions;
    DeadlockWatch m_watch;
    FutexWord m_news{0};
};

} // namespace interleave::models
