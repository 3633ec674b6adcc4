// SPDX-License-Identifier: GPL-3.0-or-later
// Totals of a recording, as `stats --json` prints them and the panels show them. Absent means not
// known; never a made-up zero.
#pragma once

#include "engine/analysis/message_report.h"
#include "engine/analysis/reserved_backlog.h"
#include "engine/recording/recording.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace interleave::analysis {

struct LockStatistics {
    ObjectId object;
    std::string name;
    std::string kind;
    std::uint64_t holds = 0;
    Nanoseconds holdNs = 0;
    std::optional<Nanoseconds> holdP50Ns;
    std::uint64_t waits = 0;
    Nanoseconds waitNs = 0;
    std::optional<Nanoseconds> waitP50Ns;
    std::optional<Nanoseconds> waitP99Ns;
    std::uint64_t handoffs = 0; // Handoff and Forced
    std::uint64_t forcedHandoffs = 0;
    std::uint32_t maxWaiters = 0;
    std::optional<double> fairnessJain; // Jain's index of the holders' hold times
    Nanoseconds heldOffCoreNs = 0;      // held by a worker that was not on a core
};

struct QueueStatistics {
    std::string name;
    std::string kind; // "queue" of the program itself, "message-queue" of a broker
    std::uint32_t maxDepth = 0;
    std::uint64_t published = 0;
    std::uint64_t delivered = 0;
    std::optional<QueueReport> messages{}; // of a broker's
};

struct StateTotals {
    std::array<Nanoseconds, kStateCount> ns{};
    Nanoseconds total() const;
};

struct Statistics {
    Nanoseconds makespanNs = 0;
    std::optional<Nanoseconds> cpuNs;          // of the workers, as the kernel accounts it
    std::optional<int> parallelismMax;         // most tasks running at one instant
    std::optional<double> parallelismMean;     // running time of tasks / time with any task running
    std::optional<std::uint64_t> peakRssBytes; // most of the sum over processes
    std::uint64_t tasksTotal = 0, tasksDone = 0, tasksFailed = 0, tasksCancelled = 0;
    StateTotals states; // over the task tracks
    std::optional<std::uint64_t> voluntarySwitches, involuntarySwitches, migrations;
    std::vector<LockStatistics> locks;
    std::vector<QueueStatistics> queues;
    std::optional<MessageReport> messages; // of a broker, where there was one
    ReservedBacklog backlog;
};

Statistics statisticsOf(const recording::Recording& recording);
/// State totals over the given kind of track, within a range.
StateTotals stateTotals(const recording::Recording& recording, recording::TrackKind kind,
                        TimeRange range);

} // namespace interleave::analysis
