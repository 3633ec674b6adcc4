// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_columns.h"

#include "ui/chart/scene_painter.h"
#include "ui/chart/time_scale.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace interleave::ui {

namespace {

using analysis::ComparisonRow;

constexpr double kColumnGapPx = 12;

constexpr std::array kShown{
    CompareSort::Total,     CompareSort::SpeedUp,  CompareSort::Efficiency,
    CompareSort::Cpu,       CompareSort::Memory,   CompareSort::Threads,
    CompareSort::Processes, CompareSort::Switches, CompareSort::Parallelism};
/// Left out from here on where there is little room.
constexpr std::array kFirstToGo{
    CompareSort::Parallelism, CompareSort::Processes, CompareSort::Threads, CompareSort::Efficiency,
    CompareSort::Switches,    CompareSort::Memory,    CompareSort::Cpu};

std::string numberText(double value, CompareSort column) {
    switch (column) {
    case CompareSort::Total:
    case CompareSort::Cpu:
        return durationText(static_cast<Nanoseconds>(value)).toStdString();
    case CompareSort::SpeedUp:
        return QStringLiteral("%1 ×").arg(value, 0, 'f', 2).toStdString();
    case CompareSort::Efficiency:
        return QStringLiteral("%1 %").arg(100 * value, 0, 'f', 0).toStdString();
    case CompareSort::Parallelism:
        return QString::number(value, 'f', 2).toStdString();
    case CompareSort::Memory:
        return chart::formatBytes(value).toStdString();
    case CompareSort::AsGiven:
    case CompareSort::Switches:
    case CompareSort::Threads:
    case CompareSort::Processes:
        return QString::number(value, 'f', 0).toStdString();
    }
    std::unreachable();
}

/// "306 ms to 370 ms" -> "306–370 ms": there is little room under a number.
QString shortRange(const std::string& range) {
    const QStringList ends = QString::fromStdString(range).split(QStringLiteral(" to "));
    if (ends.size() != 2) {
        return {};
    }
    const QString unit = ends[0].section(u' ', 1);
    const bool isSame = unit == ends[1].section(u' ', 1);
    return (isSame ? ends[0].section(u' ', 0, 0) : ends[0]) + QChar(u'–') + ends[1];
}

std::optional<analysis::Spread> spreadAmong(const CompareModel& model, const CompareGroup& group,
                                            const auto& value) {
    return analysis::spreadIn(model.comparison, model.comparison.groups[group.index], value);
}

/// Own and forced apart, as how they compare is what tells cooperative and pre-emptive models.
QString ownAndForced(const CompareModel& model, const CompareGroup& group) {
    using Row = const ComparisonRow&;
    const auto whole = [](const std::optional<std::uint64_t>& count) {
        return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
    };
    const auto own =
        spreadAmong(model, group, [&](Row row) { return whole(row.statistics.voluntarySwitches); });
    const auto forced = spreadAmong(
        model, group, [&](Row row) { return whole(row.statistics.involuntarySwitches); });
    return own && forced ? QStringLiteral("%1 + %2")
                               .arg(own->median, 0, 'f', 0)
                               .arg(forced->median, 0, 'f', 0)
                         : QStringLiteral("–");
}

CompareColumn columnOf(const CompareModel& model, CompareSort column, CompareSort sort) {
    CompareColumn made{column, titleOf(column), {}, 0};
    if (column == CompareSort::Switches) {
        made.heading = tr("own + forced switches");
    }
    if (column == sort) {
        made.heading.prepend(QStringLiteral("▾ "));
    }
    double width = chart::widthOf(made.heading, chart::Font::Small);
    for (const CompareGroup& group : model.groups) {
        made.cells.push_back(cellOf(model, group, column));
        width = std::max({width, chart::widthOf(made.cells.back().value, chart::Font::Strong),
                          chart::widthOf(made.cells.back().range, chart::Font::Small)});
    }
    made.widthPx = width + kColumnGapPx;
    return made;
}

} // namespace

CompareCell cellOf(const CompareModel& model, const CompareGroup& group, CompareSort column) {
    const auto spread = spreadAmong(
        model, group, [column](const ComparisonRow& row) { return valueOf(row, column); });
    if (!spread) {
        return {QStringLiteral("–"), {}};
    }
    const analysis::SpreadText text =
        analysis::spreadText(*spread, [column](double value) { return numberText(value, column); });
    return {column == CompareSort::Switches ? ownAndForced(model, group)
                                            : QString::fromStdString(text.value),
            shortRange(text.range)};
}

std::vector<CompareColumn> columnsWithin(const CompareModel& model, CompareSort sort,
                                         double widthPx) {
    std::vector<CompareColumn> columns;
    for (const CompareSort each : kShown) {
        columns.push_back(columnOf(model, each, sort));
    }
    for (const CompareSort each : kFirstToGo) {
        if (widthOf(columns) <= widthPx) {
            break;
        }
        if (each != sort) {
            std::erase_if(columns,
                          [each](const CompareColumn& column) { return column.sort == each; });
        }
    }
    return columns;
}

double widthOf(const std::vector<CompareColumn>& columns) {
    double width = 0;
    for (const CompareColumn& column : columns) {
        width += column.widthPx;
    }
    return width;
}

} // namespace interleave::ui
