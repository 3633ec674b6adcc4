// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_layout.h"

#include "ui/chart/parts.h"
#include "ui/theme/text.h"
#include "ui/view_state/time_navigation.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kBarRowPx = 32;
constexpr double kLeastBarRowPx = 14;
constexpr double kMostBarRowPx = 52;
constexpr double kWaterfallRowPx = 22;
constexpr double kMostWaterfallRowPx = 40;
constexpr double kNarrowestPlotPx = 180;
constexpr double kLeastBandPx = 26; // less tells nothing
constexpr double kGoodBandPx = 62;
constexpr double kMostBandPx = 240;
constexpr double kTaskRowPx = 6; // of a task, where each has its own row
constexpr double kMostTaskRowPx = 26;
constexpr double kMostSharesPx = 110; // of a band of shares

QString wordsOf(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// What stands above the bands besides the rows; everything whose height does not vary.
double headPx(const CompareLayout& layout) {
    return chart::kTimeAxisPx + chart::marksHeight(layout.marks.size()) + 4;
}

double waterfallHeadPx(const CompareModel& model, double widthPx) {
    return chart::kHeadingPx + chart::legendHeight(partLegend(model), widthPx) + 4;
}

double timelinesHeadPx(const CompareModel& model, double widthPx) {
    return chart::legendHeight(stateLegend(model), widthPx) + chart::kTimeAxisPx + 4;
}

void shareWidth(CompareLayout& layout, const CompareModel& model, const CompareInputs& inputs) {
    const double room = inputs.size.width() - inputs.gutterPx - 12;
    layout.columns = columnsWithin(model, inputs.sort, room - kNarrowestPlotPx);
    const double plot = std::max(0.0, room - widthOf(layout.columns));
    layout.zeroScale = {fittedView(model.extent), inputs.gutterPx, plot};
    layout.timeScale = {inputs.visible, inputs.gutterPx, plot};
    layout.columnsLeftPx = inputs.gutterPx + plot;
}

double barsHeight(const CompareModel& model, const CompareLayout& layout) {
    return headPx(layout) + static_cast<double>(model.groups.size()) * kBarRowPx + kCompareGapPx;
}

double waterfallHeight(const CompareModel& model, double widthPx) {
    return model.parts.empty() ? 0
                               : waterfallHeadPx(model, widthPx) + kCompareGapPx +
                                     static_cast<double>(model.groups.size()) * kWaterfallRowPx;
}

/// First every row gets what it needs, then the timelines what they can use, then the rows more.
/// Where there is not even the first, the bars stay.
void shareHeight(CompareLayout& layout, const CompareModel& model, const CompareInputs& inputs) {
    const auto groups = static_cast<double>(model.groups.size());
    const double forWaterfall = waterfallHeight(model, inputs.size.width());
    double room = inputs.size.height() - barsHeight(model, layout);
    const bool hasWaterfall = forWaterfall > 0 && room >= forWaterfall;
    layout.barRowPx =
        room >= 0 ? kBarRowPx : std::max(kLeastBarRowPx, kBarRowPx + std::floor(room / groups));
    layout.waterfallRowPx = hasWaterfall ? kWaterfallRowPx : 0;
    room -= hasWaterfall ? forWaterfall : 0;
    const auto count = static_cast<double>(layout.timelines.size());
    const double head = timelinesHeadPx(model, inputs.size.width());
    const double band = std::floor((room - head) / count) - kCompareGapPx;
    if (band >= kLeastBandPx) {
        double most = 0;
        for (const CompareRun* run : layout.timelines) {
            most = std::max(most, mostBandPx(*run, band));
        }
        layout.bandPx = std::min({band, most, kMostBandPx});
        room -= head + count * (layout.bandPx + kCompareGapPx);
    }
    const double more = room / (groups * (hasWaterfall ? 2 : 1));
    if (more > 0) {
        layout.barRowPx = std::min(kMostBarRowPx, std::floor(layout.barRowPx + more));
        if (hasWaterfall) {
            layout.waterfallRowPx =
                std::min(kMostWaterfallRowPx, std::floor(layout.waterfallRowPx + more));
        }
    }
}

void place(CompareLayout& layout, const CompareModel& model, const CompareInputs& inputs) {
    const auto groups = static_cast<double>(model.groups.size());
    layout.marksTopPx = chart::kTimeAxisPx;
    layout.barsTopPx = headPx(layout);
    layout.waterfallTopPx = layout.barsTopPx + groups * layout.barRowPx + kCompareGapPx;
    layout.timelinesTopPx = layout.waterfallTopPx;
    if (layout.waterfallRowPx > 0) {
        layout.waterfallBarsTopPx =
            layout.waterfallTopPx + waterfallHeadPx(model, inputs.size.width());
        layout.timelinesTopPx =
            layout.waterfallBarsTopPx + groups * layout.waterfallRowPx + kCompareGapPx;
    }
    layout.bandsTopPx = layout.timelinesTopPx + timelinesHeadPx(model, inputs.size.width());
}

} // namespace

std::vector<FinishMark> finishMarks(const CompareModel& model) {
    std::vector<FinishMark> marks;
    if (!model.comparison.lines) {
        return marks;
    }
    const analysis::FinishLines& lines = *model.comparison.lines;
    const auto add = [&](Nanoseconds ns, const QString& name, const QString& meaning) {
        const auto same = std::ranges::find_if(marks, [ns](const FinishMark& mark) {
            return durationText(mark.ns) == durationText(ns);
        });
        if (same == marks.end()) {
            marks.push_back({ns, name, meaning});
        } else {
            same->name += QStringLiteral(" = ") + name;
            same->meaning += u'\n' + meaning;
        }
    };
    const QString who =
        QString::fromStdString(model.comparison.rows[model.comparison.reference].label);
    add(lines.workOverCoresNs,
        lines.cores == 1 ? tr("the core always busy")
                         : tr("all %1 cores always busy").arg(lines.cores),
        tr("The work that %1 measured, %2, on all cores from begin to end.")
            .arg(who, durationText(lines.workNs)));
    add(lines.criticalPathNs, tr("critical path"),
        tr("With as many cores and workers as one likes: what has to come one after the other, and "
           "the tasks' own waits."));
    add(lines.amdahlNs,
        lines.serialNs > 0 ? tr("Amdahl, %1 serial").arg(durationText(lines.serialNs))
                           : tr("Amdahl, nothing serial"),
        tr("The serial part alone, %1, then the rest of the work on all cores.")
            .arg(durationText(lines.serialNs)));
    std::ranges::stable_sort(marks, {}, &FinishMark::ns);
    for (FinishMark& mark : marks) {
        mark.name += QStringLiteral(": ") + durationText(mark.ns);
    }
    return marks;
}

std::vector<const CompareRun*> timelineRuns(const CompareModel& model, bool showsEveryRun) {
    std::vector<const CompareRun*> shown;
    if (showsEveryRun) {
        for (const CompareRun& run : model.runs) {
            shown.push_back(&run);
        }
    } else {
        for (const CompareGroup& group : model.groups) {
            shown.push_back(&model.run(group.typical));
        }
    }
    return shown;
}

std::vector<chart::LegendItem> partLegend(const CompareModel& model) {
    std::vector<chart::LegendItem> items;
    for (const analysis::Part part : model.parts) {
        items.push_back({chart::inkOf(part), wordsOf(analysis::titleOf(part))});
    }
    return items;
}

std::vector<chart::LegendItem> stateLegend(const CompareModel& model) {
    std::vector<chart::LegendItem> items;
    for (const State state : model.states) {
        items.push_back({chart::inkOf(state), wordsOf(nameOf(state))});
    }
    return items;
}

QRectF CompareLayout::barRow(std::size_t group) const {
    return {zeroScale.leftPx, barsTopPx + static_cast<double>(group) * barRowPx, zeroScale.widthPx,
            barRowPx};
}

QRectF CompareLayout::waterfallRow(std::size_t group) const {
    return {zeroScale.leftPx, waterfallBarsTopPx + static_cast<double>(group) * waterfallRowPx,
            zeroScale.widthPx, waterfallRowPx};
}

CompareLayout compareLayout(const CompareModel& model, const CompareInputs& inputs) {
    CompareLayout layout;
    layout.marks = finishMarks(model);
    layout.timelines = timelineRuns(model, inputs.showsEveryRun);
    shareWidth(layout, model, inputs);
    shareHeight(layout, model, inputs);
    place(layout, model, inputs);
    return layout;
}

double summaryHeight(const CompareModel& model, const CompareInputs& inputs) {
    if (model.isEmpty()) {
        return 0;
    }
    CompareLayout layout;
    layout.marks = finishMarks(model);
    return barsHeight(model, layout) + waterfallHeight(model, inputs.size.width());
}

double timelinesHeight(const CompareModel& model, const CompareInputs& inputs, double bandPx) {
    const auto bands = static_cast<double>(timelineRuns(model, inputs.showsEveryRun).size());
    return timelinesHeadPx(model, inputs.size.width()) + bands * (bandPx + kCompareGapPx) + 1;
}

double preferredCompareHeight(const CompareModel& model, const CompareInputs& inputs) {
    return model.isEmpty()
               ? 0
               : summaryHeight(model, inputs) + timelinesHeight(model, inputs, kGoodBandPx);
}

bool hasTaskRows(const CompareRun& run, double bandPx) {
    return static_cast<double>(run.recording->tasks.size()) * kTaskRowPx <= bandPx;
}

double mostBandPx(const CompareRun& run, double bandPx) {
    const double rows = kMostTaskRowPx * static_cast<double>(run.recording->tasks.size());
    return hasTaskRows(run, bandPx) ? std::max(kGoodBandPx, rows) : kMostSharesPx;
}

} // namespace interleave::ui
