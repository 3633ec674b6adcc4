// SPDX-License-Identifier: GPL-3.0-or-later
// Tasks that wait for each other for ever: what the run noticed itself, or, in a program that knows
// nothing of us, a circle of waits that last to the end.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace interleave::findings {

namespace {

struct LastWait {
    TimeRange range;
    std::set<TaskId> holders;
};

/// Who waits for a lock at the very end, and who has it then. One may hold what it waits for: a
/// lock that is no reentrant one.
std::map<TaskId, LastWait> waitsAtEnd(const Evidence& evidence) {
    std::map<TaskId, LastWait> waits;
    for (const analysis::LockContention& lock : evidence.locks) {
        for (const analysis::LockWait& wait : lock.waits) {
            if (wait.range.endNs < evidence.recording.task(wait.task).endNs ||
                evidence.recording.task(wait.task).end == State::Done) {
                continue;
            }
            LastWait& last = waits[wait.task];
            last.range = wait.range;
            for (const analysis::Hold& hold : lock.holds) {
                if (hold.range.beginNs < wait.range.endNs && hold.range.endNs >= wait.range.endNs) {
                    last.holders.insert(hold.task);
                }
            }
        }
    }
    return waits;
}

/// Takes out whoever waits for somebody that goes on, until only circles and their tails are left.
void keepCircles(std::map<TaskId, LastWait>& waits) {
    const auto goesOn = [&](const auto& entry) {
        const auto& holders = entry.second.holders;
        return std::ranges::none_of(holders, [&](TaskId holder) { return waits.contains(holder); });
    };
    for (auto free = std::ranges::find_if(waits, goesOn); free != waits.end();
         free = std::ranges::find_if(waits, goesOn)) {
        waits.erase(free);
    }
}

std::string toldByTheRun(const Evidence& evidence) {
    for (const recording::Diagnostic& diagnostic : evidence.recording.diagnostics) {
        if (diagnostic.kind == "deadlock") {
            return diagnostic.message;
        }
    }
    return {};
}

} // namespace

Findings deadlock(const Evidence& evidence) {
    std::map<TaskId, LastWait> waits = waitsAtEnd(evidence);
    keepCircles(waits);
    const std::string told = toldByTheRun(evidence);
    if (waits.empty() && told.empty()) {
        return {};
    }
    std::vector<Proof> proofs;
    Nanoseconds longest = 0;
    std::string names;
    for (const auto& [task, wait] : waits) {
        proofs.push_back(evidence.onTask(task, wait.range));
        longest = std::max(longest, wait.range.durationNs());
        names += (names.empty() ? "" : ", ") + evidence.recording.task(task).name;
    }
    if (proofs.empty()) {
        for (std::uint32_t i = 0; i < evidence.recording.tasks.size(); ++i) {
            const recording::TaskInfo& task = evidence.recording.tasks[i];
            if (task.end == State::Cancelled) {
                proofs.push_back(evidence.onTask(TaskId{i + 1}, {task.submittedNs, task.endNs}));
            }
        }
    }
    std::string message =
        told.empty() ? fmt::format("{} {} in a circle of locks, to the end of the recording.",
                                   names, waits.size() == 1 ? "waits" : "wait")
                     : told;
    const double count = static_cast<double>(std::max<std::size_t>(waits.size(), proofs.size()));
    return {{.kind = "deadlock",
             .severity = Severity::Problem,
             .message = fmt::format("{} {:.0f} {} stuck.", message, count,
                                    count == 1 ? "task is" : "tasks are"),
             .cause = "Each holds what the next one wants, and nobody lets go of anything.",
             .cure =
                 "Take locks in the same order everywhere, or both at once; a lock that its own "
                 "holder may want again has to be a reentrant one.",
             .value = count,
             .unit = "count",
             .evidence = std::move(proofs),
             .tryIt = {}}};
}

} // namespace interleave::findings
