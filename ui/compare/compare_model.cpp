// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_model.h"

#include "ui/chart/time_scale.h"
#include "ui/theme/text.h"

#include <QCoreApplication> // QT_TRANSLATE_NOOP
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
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

/// The model's name where it says enough: its label has more, as soon as there are two of its runs.
QString baselineName(const analysis::Comparison& comparison) {
    const ComparisonRow& base = comparison.rows[comparison.reference];
    const bool isOnly = std::ranges::all_of(comparison.rows, [&](const ComparisonRow& row) {
        return row.info.model != base.info.model || row.group == base.group;
    });
    return QString::fromStdString(isOnly ? base.info.model : base.label);
}

QString differenceOf(const ComparisonRow& row, const ComparisonRow& base, const QString& name) {
    if (!row.speedUp) {
        return tr("Another scenario than the baseline: not comparable.");
    }
    QStringList parts{speedInWords(*row.speedUp, name)};
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
double sortKey(std::optional<double> value, CompareSort sort) {
    const bool isMoreBetter = sort == CompareSort::SpeedUp || sort == CompareSort::Efficiency ||
                              sort == CompareSort::Parallelism;
    return !value ? std::numeric_limits<double>::max() : isMoreBetter ? -*value : *value;
}

double sortKey(const CompareModel& model, const CompareGroup& group, CompareSort sort) {
    const auto spread =
        analysis::spreadIn(model.comparison, model.comparison.groups[group.index],
                           [sort](const ComparisonRow& row) { return valueOf(row, sort); });
    return sortKey(spread ? std::optional(spread->median) : std::nullopt, sort);
}

/// The run whose makespan is the median; of an even number the shorter one of both in the middle.
std::size_t typicalOf(const analysis::Comparison& comparison, std::vector<std::size_t> rows) {
    std::ranges::stable_sort(
        rows, {}, [&](std::size_t row) { return comparison.rows[row].statistics.makespanNs; });
    return rows[(rows.size() - 1) / 2];
}

std::vector<CompareGroup> groupsOf(const analysis::Comparison& comparison) {
    std::vector<CompareGroup> groups;
    for (std::size_t i = 0; i < comparison.groups.size(); ++i) {
        CompareGroup group;
        group.index = i;
        group.runs = comparison.groups[i].rows;
        group.typical = typicalOf(comparison, group.runs);
        group.isBaseline = comparison.rows[comparison.reference].group == i;
        group.makespanNs =
            *analysis::spreadIn(comparison, comparison.groups[i], [](const ComparisonRow& row) {
                return valueOf(row, CompareSort::Total);
            });
        groups.push_back(std::move(group));
    }
    return groups;
}

std::vector<State> statesOf(const std::vector<CompareRun>& runs) {
    std::array<bool, static_cast<std::size_t>(kStateCount)> isPresent{};
    for (const CompareRun& run : runs) {
        for (const TrackId id : run.recording->tracksOf(recording::TrackKind::Task)) {
            for (const State state : run.recording->track(id).spans.pyramidStates()) {
                isPresent[static_cast<std::size_t>(state)] = true;
            }
        }
    }
    std::vector<State> states;
    std::ranges::copy_if(kStackOrder, std::back_inserter(states),
                         [&](State state) { return isPresent[static_cast<std::size_t>(state)]; });
    return states;
}

std::vector<analysis::Part> partsOf(const CompareModel& model) {
    std::vector<analysis::Part> parts;
    for (std::size_t i = 0; i < analysis::kParts; ++i) {
        const auto part = static_cast<analysis::Part>(i);
        const bool occurs = std::ranges::any_of(model.groups, [&](const CompareGroup& group) {
            const auto& waterfall = model.typicalRow(group).waterfall;
            return waterfall && waterfall->of(part) > 0;
        });
        if (occurs) {
            parts.push_back(part);
        }
    }
    return parts;
}

template <class T>
std::optional<double> number(const std::optional<T>& value) {
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

struct SortText {
    const char* title;
    const char* meaning;
};

constexpr std::array<SortText, kCompareSorts> kSortTexts{{
    {QT_TRANSLATE_NOOP("interleave::ui", "order of the runs"), ""},
    {QT_TRANSLATE_NOOP("interleave::ui", "total"),
     QT_TRANSLATE_NOOP("interleave::ui",
                       "from the first submission to the end of the last task (makespan)")},
    {QT_TRANSLATE_NOOP("interleave::ui", "speed-up"),
     QT_TRANSLATE_NOOP("interleave::ui", "how many times as fast as the baseline's median")},
    {QT_TRANSLATE_NOOP("interleave::ui", "efficiency"),
     QT_TRANSLATE_NOOP("interleave::ui", "speed-up for each processor that it could use; more than "
                                         "100 % where waits overlapped")},
    {QT_TRANSLATE_NOOP("interleave::ui", "parallelism"),
     QT_TRANSLATE_NOOP("interleave::ui",
                       "tasks on a core at the same time, on average over the time "
                       "in which there was any")},
    {QT_TRANSLATE_NOOP("interleave::ui", "CPU time"),
     QT_TRANSLATE_NOOP("interleave::ui", "of all threads and processes together")},
    {QT_TRANSLATE_NOOP("interleave::ui", "switches"),
     QT_TRANSLATE_NOOP("interleave::ui", "of own accord + pre-empted by the operating system")},
    {QT_TRANSLATE_NOOP("interleave::ui", "memory"),
     QT_TRANSLATE_NOOP("interleave::ui", "resident at its peak, of all processes together")},
    {QT_TRANSLATE_NOOP("interleave::ui", "threads"),
     QT_TRANSLATE_NOOP("interleave::ui", "workers that were alive at once")},
    {QT_TRANSLATE_NOOP("interleave::ui", "processes"),
     QT_TRANSLATE_NOOP("interleave::ui", "in which the workers were")},
}};

} // namespace

QString titleOf(CompareSort sort) {
    return tr(kSortTexts[static_cast<std::size_t>(sort)].title);
}

QString meaningOf(CompareSort sort) {
    return tr(kSortTexts[static_cast<std::size_t>(sort)].meaning);
}

std::optional<double> valueOf(const ComparisonRow& row, CompareSort sort) {
    const Statistics& s = row.statistics;
    switch (sort) {
    case CompareSort::AsGiven:
        return std::nullopt;
    case CompareSort::Total:
        return static_cast<double>(s.makespanNs);
    case CompareSort::SpeedUp:
        return row.speedUp;
    case CompareSort::Efficiency:
        return row.efficiency;
    case CompareSort::Parallelism:
        return s.parallelismMean;
    case CompareSort::Cpu:
        return number(s.cpuNs);
    case CompareSort::Switches:
        return number(switchesOf(s));
    case CompareSort::Memory:
        return number(s.peakRssBytes);
    case CompareSort::Threads:
        return row.facts.threads;
    case CompareSort::Processes:
        return row.facts.processes;
    }
    std::unreachable();
}

const CompareRun& CompareModel::run(std::size_t index) const {
    return *std::ranges::find(runs, index, &CompareRun::index);
}

bool CompareModel::isTypical(const CompareRun& run) const {
    return std::ranges::find(groups, run.index, &CompareGroup::typical) != groups.end();
}

void sortBy(CompareModel& model, CompareSort sort) {
    std::ranges::sort(model.runs, {}, &CompareRun::index);
    std::ranges::sort(model.groups, {}, &CompareGroup::index);
    std::ranges::stable_sort(model.runs, {}, [sort](const CompareRun& run) {
        return sortKey(valueOf(run.row, sort), sort);
    });
    std::ranges::stable_sort(
        model.groups, {}, [&](const CompareGroup& group) { return sortKey(model, group, sort); });
}

CompareModel compareModelOf(const Recordings& recordings, CompareSort sort,
                            std::optional<std::size_t> baseline) {
    CompareModel model;
    if (recordings.empty()) {
        return model;
    }
    model.comparison = analysis::compare(recordings, baseline);
    const analysis::Comparison& comparison = model.comparison;
    const ComparisonRow& base = comparison.rows[comparison.reference];
    for (std::size_t i = 0; i < recordings.size(); ++i) {
        CompareRun run;
        run.index = i;
        run.recording = recordings[i];
        run.row = comparison.rows[i];
        run.endNs = endOf(*recordings[i]);
        run.isBaseline = i == comparison.reference;
        run.difference = run.isBaseline
                             ? baselineWords(recordings.size())
                             : differenceOf(comparison.rows[i], base, baselineName(comparison));
        model.extent.endNs = std::max(model.extent.endNs, recordings[i]->range.endNs);
        model.runs.push_back(std::move(run));
    }
    model.groups = groupsOf(comparison);
    model.states = statesOf(model.runs);
    model.parts = partsOf(model);
    sortBy(model, sort);
    return model;
}

} // namespace interleave::ui
