// SPDX-License-Identifier: GPL-3.0-or-later
// StatisticsLine by StatisticsLine, in the order in which one asks.
#include "ui/panels/statistics_table.h"

#include "ui/panels/legend_panel.h"
#include "ui/theme/text.h"

#include <QLocale>

#include <algorithm>
#include <functional>
#include <optional>

namespace interleave::ui {

namespace {

using analysis::LockStatistics;
using analysis::QueueStatistics;
using analysis::Statistics;
using All = std::vector<Statistics>;

QString unknown() {
    return tr("not known");
}

QString duration(std::optional<Nanoseconds> ns) {
    return ns ? durationText(*ns) : unknown();
}

QString count(std::optional<std::uint64_t> value) {
    return value ? countText(*value) : unknown();
}

QString number(std::optional<double> value) {
    return value ? QLocale().toString(*value, 'f', 2) : unknown();
}

QString bytes(std::optional<std::uint64_t> value) {
    return value ? QLocale().formattedDataSize(static_cast<qint64>(*value), 1) : unknown();
}

StatisticsLine line(const All& all, const QString& name, const QString& help,
                    const std::function<QString(const Statistics&)>& value) {
    StatisticsLine result{name, help, {}, false};
    for (const Statistics& each : all) {
        result.values << value(each);
    }
    return result;
}

void addRun(std::vector<StatisticsLine>& lines, const All& all) {
    lines.push_back({tr("Run"), {}, {}, true});
    lines.push_back(line(all, tr("Makespan"), tr("From the first submission to the last end"),
                         [](const Statistics& s) { return duration(s.makespanNs); }));
    lines.push_back(
        line(all, tr("Tasks"), tr("How many ended well, of how many"), [](const Statistics& s) {
            QString text = tr("%1 of %2 done").arg(count(s.tasksDone), count(s.tasksTotal));
            if (s.tasksFailed > 0) {
                text += tr(", %1 failed").arg(count(s.tasksFailed));
            }
            if (s.tasksCancelled > 0) {
                text += tr(", %1 cancelled").arg(count(s.tasksCancelled));
            }
            return text;
        }));
    lines.push_back(line(all, tr("Processor time"), tr("Of the workers, as the kernel accounts it"),
                         [](const Statistics& s) { return duration(s.cpuNs); }));
    lines.push_back(line(all, tr("Parallelism, mean"),
                         tr("Tasks running at once, while any was running"),
                         [](const Statistics& s) { return number(s.parallelismMean); }));
    lines.push_back(line(all, tr("Parallelism, most"), tr("Most tasks running at one instant"),
                         [](const Statistics& s) {
                             return s.parallelismMax ? QLocale().toString(*s.parallelismMax)
                                                     : unknown();
                         }));
    lines.push_back(line(all, tr("Memory, peak"), tr("Most of the sum over all processes"),
                         [](const Statistics& s) { return bytes(s.peakRssBytes); }));
    lines.push_back(line(all, tr("Switches, voluntary"), tr("A thread gave its core up to wait"),
                         [](const Statistics& s) { return count(s.voluntarySwitches); }));
    lines.push_back(line(all, tr("Switches, pre-empted"), tr("The kernel took the core away"),
                         [](const Statistics& s) { return count(s.involuntarySwitches); }));
    lines.push_back(line(all, tr("Migrations"), tr("A thread went on on another core"),
                         [](const Statistics& s) { return count(s.migrations); }));
}

void addStates(std::vector<StatisticsLine>& lines, const All& all) {
    lines.push_back({tr("Time of the tasks by state"), {}, {}, true});
    for (std::size_t i = 0; i < static_cast<std::size_t>(kStateCount); ++i) {
        const bool occurs =
            std::ranges::any_of(all, [i](const Statistics& s) { return s.states.ns[i] > 0; });
        if (!occurs) {
            continue;
        }
        const auto state = static_cast<State>(i);
        const std::string_view meaning = meaningOf(state);
        lines.push_back(
            line(all, labelOf(state),
                 QString::fromUtf8(meaning.data(), static_cast<qsizetype>(meaning.size())),
                 [i](const Statistics& s) {
                     const auto total = std::max<Nanoseconds>(1, s.states.total());
                     const double percent =
                         100.0 * static_cast<double>(s.states.ns[i]) / static_cast<double>(total);
                     return tr("%1 (%2 %)")
                         .arg(duration(s.states.ns[i]), QLocale().toString(percent, 'f', 1));
                 }));
    }
}

QStringList lockNames(const All& all) {
    QStringList names;
    for (const Statistics& each : all) {
        for (const LockStatistics& lock : each.locks) {
            const QString name = QString::fromStdString(lock.name);
            if (!names.contains(name)) {
                names << name;
            }
        }
    }
    return names;
}

void addLock(std::vector<StatisticsLine>& lines, const All& all, const QString& name) {
    const auto of = [&](const QString& what, const QString& help,
                        const std::function<QString(const LockStatistics&)>& value) {
        return line(all, what, help, [&](const Statistics& s) {
            const auto found =
                std::ranges::find(s.locks, name.toStdString(), &LockStatistics::name);
            return found == s.locks.end() ? QStringLiteral("–") : value(*found);
        });
    };
    lines.push_back({name, {}, {}, true});
    lines.push_back(
        of(tr("held"), tr("How often, and how long in all"), [](const LockStatistics& l) {
            return tr("%1 × , %2").arg(count(l.holds), duration(l.holdNs)).replace(" ,", ",");
        }));
    lines.push_back(
        of(tr("waited for"), tr("How often, and how long in all"), [](const LockStatistics& l) {
            return tr("%1 × , %2").arg(count(l.waits), duration(l.waitNs)).replace(" ,", ",");
        }));
    lines.push_back(of(tr("wait, median / 99 %"),
                       tr("Half of the waits were shorter; 99 in 100 were"),
                       [](const LockStatistics& l) {
                           return tr("%1 / %2").arg(duration(l.waitP50Ns), duration(l.waitP99Ns));
                       }));
    lines.push_back(
        of(tr("handed over, forced"), tr("Passed to a waiter; because the waiter asked"),
           [](const LockStatistics& l) {
               return tr("%1, %2 forced").arg(count(l.handoffs), count(l.forcedHandoffs));
           }));
    lines.push_back(of(tr("waiting at once, most"), {},
                       [](const LockStatistics& l) { return QLocale().toString(l.maxWaiters); }));
    lines.push_back(of(tr("fairness"), tr("Jain's index of the hold times: 1 is fair"),
                       [](const LockStatistics& l) { return number(l.fairnessJain); }));
}

QStringList queueNames(const All& all) {
    QStringList names;
    for (const Statistics& each : all) {
        for (const QueueStatistics& queue : each.queues) {
            const QString name = QString::fromStdString(queue.name);
            if (!names.contains(name)) {
                names << name;
            }
        }
    }
    return names;
}

void addQueue(std::vector<StatisticsLine>& lines, const All& all, const QString& name) {
    const auto of = [&](const QString& what, const QString& help,
                        const std::function<QString(const QueueStatistics&)>& value) {
        return line(all, what, help, [&](const Statistics& s) {
            const auto found =
                std::ranges::find(s.queues, name.toStdString(), &QueueStatistics::name);
            return found == s.queues.end() ? QStringLiteral("–") : value(*found);
        });
    };
    const bool isBrokers = std::ranges::any_of(all, [&](const Statistics& s) {
        return std::ranges::any_of(s.queues, [&](const QueueStatistics& queue) {
            return queue.messages && QString::fromStdString(queue.name) == name;
        });
    });
    lines.push_back({name, {}, {}, true});
    lines.push_back(of(tr("published, delivered"), tr("What came into the queue, and what left it"),
                       [](const QueueStatistics& q) {
                           return tr("%1, %2").arg(count(q.published), count(q.delivered));
                       }));
    lines.push_back(of(tr("waiting at once, most"), {},
                       [](const QueueStatistics& q) { return QLocale().toString(q.maxDepth); }));
    if (!isBrokers) {
        return;
    }
    const auto ofMessages = [&](const QString& what, const QString& help,
                                QString (*value)(const analysis::QueueReport&)) {
        return of(what, help, [value](const QueueStatistics& q) {
            return q.messages ? value(*q.messages) : QStringLiteral("–");
        });
    };
    lines.push_back(
        ofMessages(tr("acknowledged, delivered again"), {}, [](const analysis::QueueReport& q) {
            return tr("%1, %2").arg(count(q.totals.acked), count(q.totals.redelivered));
        }));
    lines.push_back(ofMessages(tr("dead-lettered, dropped, lost"),
                               tr("Dropped: rejected, expired or too many, with nowhere to go"),
                               [](const analysis::QueueReport& q) {
                                   using recording::CopyEnd;
                                   const analysis::CopyEnds& ends = q.totals.ends;
                                   return tr("%1, %2, %3")
                                       .arg(count(ends.of(CopyEnd::DeadLettered)),
                                            count(ends.of(CopyEnd::Rejected) +
                                                  ends.of(CopyEnd::Expired) +
                                                  ends.of(CopyEnd::Overflowed)),
                                            count(ends.of(CopyEnd::Lost)));
                               }));
    lines.push_back(ofMessages(tr("left in the queue, unacknowledged"), tr("At the end"),
                               [](const analysis::QueueReport& q) {
                                   using recording::CopyEnd;
                                   const analysis::CopyEnds& ends = q.totals.ends;
                                   return tr("%1, %2").arg(count(ends.of(CopyEnd::StillQueued)),
                                                           count(ends.of(CopyEnd::StillUnacked)));
                               }));
    lines.push_back(ofMessages(tr("queue time, median / 99 %"), tr("Ready until delivered"),
                               [](const analysis::QueueReport& q) {
                                   return tr("%1 / %2").arg(duration(q.totals.queueTime.p50Ns),
                                                            duration(q.totals.queueTime.p99Ns));
                               }));
    lines.push_back(ofMessages(tr("held, median / 99 %"),
                               tr("Delivered until acknowledged, refused or given back"),
                               [](const analysis::QueueReport& q) {
                                   return tr("%1 / %2").arg(duration(q.totals.unackedTime.p50Ns),
                                                            duration(q.totals.unackedTime.p99Ns));
                               }));
}

} // namespace

std::vector<StatisticsLine> statisticsLines(const All& statistics) {
    std::vector<StatisticsLine> lines;
    if (statistics.empty()) {
        return lines;
    }
    addRun(lines, statistics);
    addStates(lines, statistics);
    for (const QString& name : lockNames(statistics)) {
        addLock(lines, statistics, name);
    }
    for (const QString& name : queueNames(statistics)) {
        addQueue(lines, statistics, name);
    }
    return lines;
}

} // namespace interleave::ui
