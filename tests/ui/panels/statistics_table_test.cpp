// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/statistics_table.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace interleave::ui {
namespace {

QStringList valuesOf(const std::vector<StatisticsLine>& lines, const QString& name) {
    const auto found = std::ranges::find(lines, name, &StatisticsLine::name);
    return found == lines.end() ? QStringList{QStringLiteral("no such line")} : found->values;
}

TEST(StatisticsTable, SaysUnknownWhereNothingIsKnown) {
    analysis::Statistics statistics;
    statistics.makespanNs = 12'400'000;
    const auto lines = statisticsLines({statistics});
    EXPECT_EQ(valuesOf(lines, QStringLiteral("Makespan")), QStringList{"12.4 ms"});
    EXPECT_EQ(valuesOf(lines, QStringLiteral("Processor time")), QStringList{"not known"});
    EXPECT_EQ(valuesOf(lines, QStringLiteral("Memory, peak")), QStringList{"not known"});
}

TEST(StatisticsTable, HasAColumnForEachRun) {
    analysis::Statistics one;
    one.makespanNs = 1'000'000;
    analysis::Statistics two;
    two.makespanNs = 2'000'000;
    const auto lines = statisticsLines({one, two});
    EXPECT_EQ(valuesOf(lines, QStringLiteral("Makespan")), (QStringList{"1.00 ms", "2.00 ms"}));
}

TEST(StatisticsTable, LeavesOutStatesThatDoNotOccur) {
    analysis::Statistics statistics;
    statistics.states.ns[static_cast<std::size_t>(State::Running)] = 3'000'000;
    statistics.states.ns[static_cast<std::size_t>(State::WaitingGil)] = 1'000'000;
    const auto lines = statisticsLines({statistics});
    EXPECT_EQ(valuesOf(lines, QStringLiteral("waiting_gil")), QStringList{"1.00 ms (25.0 %)"});
    EXPECT_EQ(valuesOf(lines, QStringLiteral("sleeping")), QStringList{"no such line"});
}

TEST(StatisticsTable, ALockOfOneRunIsADashForTheOther) {
    analysis::Statistics with;
    analysis::LockStatistics gil;
    gil.name = "GIL";
    gil.handoffs = 9;
    gil.forcedHandoffs = 8;
    with.locks.push_back(gil);
    const auto lines = statisticsLines({with, analysis::Statistics()});
    EXPECT_EQ(valuesOf(lines, QStringLiteral("handed over, forced")),
              (QStringList{"9, 8 forced", QStringLiteral("–")}));
}

TEST(StatisticsTable, SaysOfABrokersQueueWhatBecameOfItsMessages) {
    using recording::CopyEnd;
    analysis::Statistics with;
    analysis::QueueReport report;
    report.totals.acked = 7;
    report.totals.redelivered = 2;
    report.totals.ends.count[static_cast<std::size_t>(CopyEnd::DeadLettered)] = 3;
    report.totals.ends.count[static_cast<std::size_t>(CopyEnd::Expired)] = 4;
    report.totals.ends.count[static_cast<std::size_t>(CopyEnd::StillQueued)] = 5;
    report.totals.queueTime.p50Ns = 2'000'000;
    report.totals.queueTime.p99Ns = 3'000'000;
    with.queues.push_back({"orders", "queue", 4, 20, 19, {}});
    with.queues.push_back({"tasks", "message-queue", 6, 12, 9, report});
    const auto lines = statisticsLines({with, analysis::Statistics()});
    const auto dash = QStringLiteral("–");
    EXPECT_EQ(valuesOf(lines, QStringLiteral("published, delivered")),
              (QStringList{"20, 19", dash}));
    EXPECT_EQ(valuesOf(lines, QStringLiteral("acknowledged, delivered again")),
              (QStringList{"7, 2", dash}));
    EXPECT_EQ(valuesOf(lines, QStringLiteral("dead-lettered, dropped, lost")),
              (QStringList{"3, 4, 0", dash}));
    EXPECT_EQ(valuesOf(lines, QStringLiteral("left in the queue, unacknowledged")),
              (QStringList{"5, 0", dash}));
    EXPECT_EQ(valuesOf(lines, QStringLiteral("queue time, median / 99 %")),
              (QStringList{"2.00 ms / 3.00 ms", dash}));
    EXPECT_EQ(valuesOf(lines, QStringLiteral("held, median / 99 %")),
              (QStringList{"not known / not known", dash}));
}

} // namespace
} // namespace interleave::ui
