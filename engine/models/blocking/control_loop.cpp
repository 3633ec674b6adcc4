// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/blocking/control_loop.h"

#include <algorithm>
#include <limits>

namespace interleave::models {

ControlLoop::ControlLoop(const RunContext& context, SharedObjects& objects, Staffing staffing)
    : m_context(context)
    , m_objects(objects)
    , m_submissions(context.program)
    , m_watch(context.program, objects, staffing) {}

RunOutcome ControlLoop::run(RunStop& stop, const Submit& submit, const Company& company) {
    RunOutcome outcome;
    m_submissions.begin(monotonicNow());
    Nanoseconds nextLookNs = monotonicNow() + DeadlockWatch::kPeriodNs;
    while (!stop.isRung()) {
        const std::uint32_t seen = m_news.load();
        submitDue(submit);
        if (m_submissions.allEnded() || stop.isRung()) {
            break;
        }
        const Nanoseconds modelDueNs =
            company.look ? company.look() : std::numeric_limits<Nanoseconds>::max();
        const auto nextDue = m_submissions.nextDueNs();
        if (monotonicNow() >= nextLookNs) {
            const bool isUnderWay = company.isUnderWay && company.isUnderWay();
            if (auto deadlock = m_watch.look(nextDue.has_value() || isUnderWay)) {
                outcome.deadlock = std::move(*deadlock);
                stop.ring();
                break;
            }
            nextLookNs = monotonicNow() + DeadlockWatch::kPeriodNs;
        }
        futexWait(m_news, seen, std::min({nextLookNs, modelDueNs, nextDue.value_or(nextLookNs)}));
    }
    return outcome;
}

void ControlLoop::submitDue(const Submit& submit) {
    const std::vector<TaskId> due = m_submissions.takeDue(monotonicNow());
    if (due.empty()) {
        return;
    }
    for (const TaskId task : due) {
        m_context.control.emit(record::EventKind::Spawned, task.value, 0);
        m_context.control.state(task, State::Queued, {{}, {}, true});
        m_objects.markSubmitted(task);
    }
    submit(due);
}

void ControlLoop::taskEnded(TaskId task, State end) {
    std::vector<TaskId> neverSpawned;
    if (end != State::Done) {
        neverSpawned = unspawnedDescendants(m_context.program, task, [this](TaskId child) {
            return m_objects.phase(child) == TaskPhase::Unborn;
        });
    }
    if (m_submissions.ended(task, monotonicNow(), neverSpawned)) {
        wake();
    }
}

void ControlLoop::wake() {
    m_news.fetch_add(1);
    futexWake(m_news, 1);
}

void ControlLoop::cancelRest() {
    for (const scenario::Task& task : m_context.program.tasks) {
        if (m_objects.phase(task.id) != TaskPhase::Ended) {
            m_context.control.state(task.id, State::Cancelled);
            m_objects.markEnded(task.id);
        }
    }
}

} // namespace interleave::models
