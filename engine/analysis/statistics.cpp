// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/statistics.h"

#include "engine/analysis/contention.h"
#include "engine/analysis/utilisation.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace interleave::analysis {

using recording::LinkKind;
using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

void addStates(const recording::SpanColumns& spans, TimeRange range, StateTotals& totals) {
    const recording::StateTimes times = spans.timesIn(range);
    for (std::size_t i = 0; i < times.size(); ++i) {
        totals.ns[i] += times[i];
    }
}

void countTasks(const Recording& recording, Statistics& statistics) {
    statistics.tasksTotal = recording.tasks.size();
    for (const recording::TaskInfo& task : recording.tasks) {
        switch (task.end) {
        case State::Done:
            ++statistics.tasksDone;
            break;
        case State::Failed:
            ++statistics.tasksFailed;
            break;
        case State::Cancelled:
            // In a run that goes on the others simply haven't ended yet.
            statistics.tasksCancelled += recording.isLive ? 0 : 1;
            break;
        default:
            break;
        }
    }
}

void sumWorkers(const Recording& recording, Statistics& statistics) {
    const bool knowsSwitches = recording.info.kernelTruth == "switches";
    if (knowsSwitches) {
        statistics.voluntarySwitches = 0;
        statistics.involuntarySwitches = 0;
        statistics.migrations = 0;
    }
    bool knowsCpu = true;
    Nanoseconds cpu = 0;
    std::size_t workers = 0;
    for (const recording::WorkerInfo& worker : recording.workers) {
        if (worker.isControl) {
            continue;
        }
        ++workers;
        knowsCpu = knowsCpu && worker.cpuTimeNs.has_value();
        cpu += worker.cpuTimeNs.value_or(0);
        if (knowsSwitches) {
            *statistics.voluntarySwitches += worker.voluntarySwitches;
            *statistics.involuntarySwitches += worker.involuntarySwitches;
            *statistics.migrations += worker.migrations;
        }
    }
    if (knowsCpu && workers != 0) {
        statistics.cpuNs = cpu;
    }
}

std::optional<double> jainIndex(const std::vector<Hold>& holds) {
    std::map<TaskId, double> perTask;
    for (const Hold& hold : holds) {
        perTask[hold.task] += static_cast<double>(hold.range.durationNs());
    }
    double sum = 0;
    double squares = 0;
    for (const auto& [task, held] : perTask) {
        sum += held;
        squares += held * held;
    }
    if (squares <= 0) {
        return std::nullopt;
    }
    return sum * sum / (static_cast<double>(perTask.size()) * squares);
}

LockStatistics lockStatistics(const Recording& recording, const LockWaits& allWaits,
                              ObjectId object) {
    const LockContention contention = contentionOf(recording, allWaits, object);
    LockStatistics lock;
    lock.object = object;
    lock.name = recording.object(object).name;
    lock.kind = recording.object(object).kind;
    lock.holds = contention.holds.size();
    lock.holdNs = contention.holdHistogram.sumNs;
    lock.holdP50Ns = contention.holdHistogram.p50Ns;
    lock.waits = contention.waits.size();
    lock.waitNs = contention.waitHistogram.sumNs;
    lock.waitP50Ns = contention.waitHistogram.p50Ns;
    lock.waitP99Ns = contention.waitHistogram.p99Ns;
    for (const Hold& hold : contention.holds) {
        const bool isForced = hold.cause == HoldCause::Forced;
        lock.handoffs += isForced || hold.cause == HoldCause::Handoff ? 1 : 0;
        lock.forcedHandoffs += isForced ? 1 : 0;
    }
    lock.maxWaiters = static_cast<std::uint32_t>(contention.waiters.maximum());
    lock.fairnessJain = jainIndex(contention.holds);
    if (contention.offCore) {
        for (const Hold& part : *contention.offCore) {
            lock.heldOffCoreNs += part.range.durationNs();
        }
    }
    return lock;
}

QueueStatistics queueStatistics(const Recording& recording, const Track& track) {
    QueueStatistics queue;
    queue.name = track.name;
    queue.kind = recording.object(ObjectId{track.subject}).kind;
    queue.published = track.spans.size();
    queue.maxDepth = static_cast<std::uint32_t>(spanOverlap({&track}, std::nullopt).most);
    const ObjectId object{track.subject};
    queue.delivered = static_cast<std::uint64_t>(
        std::ranges::count_if(recording.links, [&](const recording::Link& link) {
            return link.kind == LinkKind::Deliver && link.object == object;
        }));
    // Items that were taken at the moment they were put leave no span.
    queue.published = std::max(queue.published, queue.delivered);
    return queue;
}

void addMessages(const Recording& recording, Statistics& statistics) {
    if (recording.messages.empty() && recording.consumers.empty()) {
        return;
    }
    const auto lives = recording::MessageLives::of(recording.messages);
    statistics.messages = messageReport(recording, lives);
    statistics.backlog = reservedBacklog(recording, lives);
    for (const QueueReport& queue : statistics.messages->queues) {
        const recording::ObjectInfo& object = recording.object(queue.queue);
        statistics.queues.push_back({.name = object.name,
                                     .kind = object.kind,
                                     .maxDepth = queue.maxDepth,
                                     .published = queue.published,
                                     .delivered = queue.totals.delivered,
                                     .messages = queue});
    }
}

Nanoseconds makespanOf(const Recording& recording) {
    Nanoseconds first = std::numeric_limits<Nanoseconds>::max();
    Nanoseconds last = std::numeric_limits<Nanoseconds>::min();
    for (const recording::TaskInfo& task : recording.tasks) {
        first = std::min(first, task.submittedNs);
        last = std::max(last, task.endNs);
    }
    return first < last ? last - first : 0;
}

/// Stays unknown where the kernel's switches were refused: what tasks say of themselves counts
/// those that wait for a core as running.
void measureParallelism(const Recording& recording, Statistics& statistics) {
    const std::string& truth = recording.info.kernelTruth;
    if (truth == "sampled" || truth == "none") {
        return;
    }
    const SpanOverlap running =
        spanOverlap(tracksOfKind(recording, TrackKind::Task), State::Running);
    statistics.parallelismMax = static_cast<int>(running.most);
    const auto total =
        static_cast<double>(statistics.states.ns[static_cast<std::size_t>(State::Running)]);
    if (running.coveredNs > 0) {
        statistics.parallelismMean = total / static_cast<double>(running.coveredNs);
    }
}

} // namespace

Nanoseconds StateTotals::total() const {
    return std::accumulate(ns.begin(), ns.end(), Nanoseconds{0});
}

StateTotals stateTotals(const Recording& recording, TrackKind kind, TimeRange range) {
    StateTotals totals;
    for (const Track& track : recording.tracks) {
        if (track.kind == kind) {
            addStates(track.spans, range, totals);
        }
    }
    return totals;
}

Statistics statisticsOf(const Recording& recording) {
    Statistics statistics;
    statistics.makespanNs = makespanOf(recording);
    countTasks(recording, statistics);
    sumWorkers(recording, statistics);
    statistics.states = stateTotals(
        recording, TrackKind::Task,
        {std::numeric_limits<Nanoseconds>::min() / 2, std::numeric_limits<Nanoseconds>::max() / 2});
    measureParallelism(recording, statistics);
    if (const StepFunction rss = totalRss(recording); !rss.value.empty()) {
        statistics.peakRssBytes = static_cast<std::uint64_t>(rss.maximum());
    }
    const LockWaits waits(recording);
    for (const TrackId id : recording.tracksOf(TrackKind::Lock)) {
        statistics.locks.push_back(
            lockStatistics(recording, waits, ObjectId{recording.track(id).subject}));
    }
    for (const TrackId id : recording.tracksOf(TrackKind::Queue)) {
        const Track& track = recording.track(id);
        if (recording.object(ObjectId{track.subject}).kind != recording::kMessageQueueKind) {
            statistics.queues.push_back(queueStatistics(recording, track));
        }
    }
    addMessages(recording, statistics);
    return statistics;
}

} // namespace interleave::analysis
