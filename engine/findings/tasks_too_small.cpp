// SPDX-License-Identifier: GPL-3.0-or-later
// Handing out a task costs about as much as the task.
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr std::size_t kManyTasks = 100;
constexpr Nanoseconds kSmallTaskNs = 500'000;
constexpr double kCostOfWork = 0.5;

} // namespace

Findings tasksTooSmall(const Evidence& evidence) {
    const std::size_t count = evidence.recording.tasks.size();
    const bool isComplete = evidence.statistics.tasksDone == evidence.statistics.tasksTotal;
    if (count < kManyTasks || !isComplete || !evidence.waterfall) {
        return {};
    }
    std::vector<Nanoseconds> own;
    for (const recording::StateTimes& times : evidence.timesOfTask) {
        own.push_back(times[static_cast<std::size_t>(State::Running)] +
                      times[static_cast<std::size_t>(State::WaitingIo)] +
                      times[static_cast<std::size_t>(State::Sleeping)]);
    }
    const Nanoseconds middle = medianOf(own);
    using analysis::Part;
    Nanoseconds spent = 0;
    for (const Part part : {Part::Machinery, Part::Transfer, Part::Queueing, Part::Prefetch}) {
        spent += evidence.waterfall->of(part);
    }
    const Nanoseconds work = evidence.waterfall->of(Part::Work);
    if (middle > kSmallTaskNs || ratio(spent, work) < kCostOfWork) {
        return {};
    }
    const auto each = spent / static_cast<Nanoseconds>(count);
    std::vector<Proof> proofs;
    for (std::uint32_t i = 1; i <= count && proofs.size() < kMostProofs; ++i) {
        const recording::TaskInfo& task = evidence.recording.tasks[i - 1];
        proofs.push_back(evidence.onTask(TaskId{i}, {task.submittedNs, task.endNs}));
    }
    return {
        {.kind = "tasks-too-small",
         .severity = Severity::Warning,
         .message = fmt::format("Handing out a task took {} of workers' time, the task itself {} "
                                "(median of {}).",
                                formatDuration(each), formatDuration(middle), count),
         .cause = "Each task is queued, sent and taken, whatever is in it; with so little in it "
                  "that is most of the work.",
         .cure = "Put many of them into one task or message (chunks), or use a model that hands "
                 "out within one process.",
         .value = ratio(spent, work),
         .unit = "ratio",
         .evidence = std::move(proofs),
         .tryIt = {}}};
}

} // namespace interleave::findings
