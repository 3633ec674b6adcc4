// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_model.h"

#include "ui/chart/time_scale.h"
#include "ui/theme/text.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <utility>

namespace interleave::ui {

namespace {

using analysis::ComparisonRow;
using analysis::Statistics;

/// Above this factor people think in "times", below it in per cent.
constexpr double kTimesFrom = 1.5;

QString speedInWords(double factor, const QString& baseline) {
    if (factor >= kTimesFrom) {
        return tr("%1 times as fast as %2").arg(QString::number(factor, 'f', 1), baseline);
    }
    if (factor <= 1 / kTimesFrom) {
        return tr("takes %1 times as long as %2")
            .arg(QString::number(1 / factor, 'f', 1), baseline);
    }
    const int percent = qRound(100 * std::abs(1 / factor - 1));
    if (percent == 0) {
        return tr("as fast as %1").arg(baseline);
    }
    return factor > 1 ? tr("%1 % less time than %2").arg(percent).arg(baseline)
                      : tr("%1 % more time than %2").arg(percent).arg(baseline);
}

std::optional<std::uint64_t> switchesOf(const Statistics& statistics) {
    if (!statistics.voluntarySwitches || !statistics.involuntarySwitches) {
        return std::nullopt;
    }
    return *statistics.voluntarySwitches + *statistics.involuntarySwitches;
}

/// "12 MB more memory"; nothing where it isn't known or hardly differs.
template <class T, class Words>
void addDifference(QStringList& parts, const std::optional<T>& value, const std::optional<T>& base,
                   Words words) {
    if (!value || !base) {
        return;
    }
    const auto difference = static_cast<double>(*value) - static_cast<double>(*base);
    if (std::abs(difference) > 0.05 * static_cast<double>(*base)) {
        parts << words(std::abs(difference), difference > 0);
    }
}

QString differenceOf(const ComparisonRow& row, const ComparisonRow& base) {
    if (!row.speedUp) {
        return tr("Another scenario than the baseline: not comparable.");
    }
    QStringList parts{speedInWords(*row.speedUp, QString::fromStdString(base.label))};
    const Statistics& now = row.statistics;
    const Statistics& then = base.statistics;
    addDifference(parts, now.cpuNs, then.cpuNs, [](double ns, bool isMore) {
        const QString time = durationText(static_cast<Nanoseconds>(ns));
        return isMore ? tr("%1 more CPU time").arg(time) : tr("%1 less CPU time").arg(time);
    });
    addDifference(parts, now.peakRssBytes, then.peakRssBytes, [](double bytes, bool isMore) {
        const QString size = chart::formatBytes(bytes);
        return isMore ? tr("%1 more memory").arg(size) : tr("%1 less memory").arg(size);
    });
    addDifference(parts, switchesOf(now), switchesOf(then), [](double count, bool isMore) {
        const QString number = QString::number(count, 'f', 0);
        return isMore ? tr("%1 more switches").arg(number) : tr("%1 fewer switches").arg(number);
    });
    QString sentence = parts.join(QStringLiteral(", ")) + QChar(u'.');
    sentence[0] = sentence[0].toUpper();
    return sentence;
}

QString baselineWords(std::size_t count) {
    return count == 1 ? tr("Run the scenario under another model to compare.")
                      : tr("The baseline: the others are compared with it.");
}

Nanoseconds endOf(const recording::Recording& recording) {
    Nanoseconds end = 0;
    for (const recording::TaskInfo& task : recording.tasks) {
        end = std::max(end, task.endNs);
    }
    return end > 0 ? std::min(end, recording.range.endNs) : recording.range.endNs;
}

/// Smaller first, except where more is better; unknown last.
double sortKey(const ComparisonRow& row, CompareSort sort) {
    constexpr double kUnknown = 1e300;
    const Statistics& s = row.statistics;
    switch (sort) {
    case CompareSort::AsGiven:
        return 0;
    case CompareSort::Total:
        return static_cast<double>(s.makespanNs);
    case CompareSort::SpeedUp:
        return row.speedUp ? -*row.speedUp : kUnknown;
    case CompareSort::Parallelism:
        return s.parallelismMean ? -*s.parallelismMean : kUnknown;
    case CompareSort::Cpu:
        return s.cpuNs ? static_cast<double>(*s.cpuNs) : kUnknown;
    case CompareSort::Memory:
        return s.peakRssBytes ? static_cast<double>(*s.peakRssBytes) : kUnknown;
    case CompareSort::Switches:
        return switchesOf(s) ? static_cast<double>(*switchesOf(s)) : kUnknown;
    }
    std::unreachable();
}

void setBaseline(analysis::Comparison& comparison, std::size_t baseline) {
    comparison.reference = baseline;
    const ComparisonRow& base = comparison.rows[baseline];
    const auto baseNs = static_cast<double>(base.statistics.makespanNs);
    for (ComparisonRow& row : comparison.rows) {
        const auto ns = static_cast<double>(row.statistics.makespanNs);
        const bool isComparable = ns > 0 && baseNs > 0 && row.info.scenario == base.info.scenario;
        row.speedUp = isComparable ? std::optional(baseNs / ns) : std::nullopt;
    }
}

} // namespace

QString titleOf(CompareSort sort) {
    switch (sort) {
    case CompareSort::AsGiven:
        return tr("order of the runs");
    case CompareSort::Total:
        return tr("total");
    case CompareSort::SpeedUp:
        return tr("speed-up");
    case CompareSort::Parallelism:
        return tr("parallelism");
    case CompareSort::Cpu:
        return tr("CPU time");
    case CompareSort::Memory:
        return tr("memory");
    case CompareSort::Switches:
        return tr("switches");
    }
    std::unreachable();
}

CompareModel compareModelOf(const Recordings& recordings, CompareSort sort,
                            std::optional<std::size_t> baseline) {
    CompareModel model;
    if (recordings.empty()) {
        return model;
    }
    analysis::Comparison comparison = analysis::compare(recordings);
    if (baseline && *baseline < recordings.size()) {
        setBaseline(comparison, *baseline);
    }
    const ComparisonRow& base = comparison.rows[comparison.reference];
    for (std::size_t i = 0; i < recordings.size(); ++i) {
        CompareRun run;
        run.index = i;
        run.recording = recordings[i];
        run.row = comparison.rows[i];
        run.endNs = endOf(*recordings[i]);
        run.isBaseline = i == comparison.reference;
        run.difference = run.isBaseline ? baselineWords(recordings.size())
                                        : differenceOf(comparison.rows[i], base);
        model.extent.endNs = std::max(model.extent.endNs, recordings[i]->range.endNs);
        model.runs.push_back(std::move(run));
    }
    std::ranges::stable_sort(model.runs, {},
                             [sort](const CompareRun& run) { return sortKey(run.row, sort); });
    return model;
}

} // namespace interleave::ui
