// SPDX-License-Identifier: GPL-3.0-or-later
// Bars and waterfall; the timelines have a file of their own.
#include "ui/compare/compare_geometry.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/compare/compare_layout.h"
#include "ui/compare/compare_timelines.h"
#include "ui/theme/text.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

using analysis::Part;
using chart::Box;
using chart::Font;
using chart::Line;
using chart::Role;
using chart::Text;

constexpr double kBarShare = 0.56; // of its row's height
constexpr double kTwoLinesPx = 30; // a value and its range
constexpr double kCapPx = 5;       // of a whisker, up and down
constexpr std::size_t kMostRunDots = 40;

QString plainTitle(Part part) {
    const std::string_view title = analysis::titleOf(part);
    return QString::fromUtf8(title.data(), static_cast<qsizetype>(title.size()));
}

QString runsText(const CompareGroup& group) {
    return tr("%1 runs").arg(group.runs.size());
}

class SummaryBuilder {
public:
    SummaryBuilder(const CompareModel& model, const CompareInputs& inputs,
                   const CompareLayout& layout, ComparePicture& picture)
        : m_model(model)
        , m_inputs(inputs)
        , m_layout(layout)
        , m_out(picture) {}

    void addBars() {
        addHead();
        for (std::size_t i = 0; i < m_model.groups.size(); ++i) {
            addBar(i);
        }
        addLines();
        for (std::size_t i = 0; i < m_model.groups.size(); ++i) {
            addWhisker(m_model.groups[i], m_layout.barRow(i));
            addNumbers(i);
        }
    }

    void addWaterfall() {
        if (m_layout.waterfallRowPx <= 0) {
            return;
        }
        const double width = m_inputs.size.width() - 20;
        const QRectF head(10, m_layout.waterfallTopPx, width, chart::kHeadingPx);
        chart::addHeading(scene(), head,
                          {tr("Where the time went, from ideal to measured"),
                           {},
                           tr("the parts of each bar, averaged over the workers, add up to the "
                              "measured time")});
        const std::vector<chart::LegendItem> legend = partLegend(m_model);
        chart::addLegend(scene(), {10, head.bottom(), width, chart::legendHeight(legend, width)},
                         legend);
        for (const PlacedLine& line :
             m_out.lines) { // under the parts, whose numbers they would cut
            addRule(line.x, m_layout.waterfallBarsTopPx,
                    m_layout.waterfallRow(m_model.groups.size() - 1).bottom());
        }
        for (std::size_t i = 0; i < m_model.groups.size(); ++i) {
            addParts(i);
        }
    }

private:
    chart::Scene& scene() { return m_out.picture.scene; }
    const chart::TimeScale& scale() const { return m_layout.zeroScale; }
    double xOf(double ns) const { return scale().xOf(static_cast<Nanoseconds>(ns)); }

    void addHead() {
        const QRectF axis(scale().leftPx, 0, scale().widthPx, chart::kTimeAxisPx);
        chart::addTimeAxis(scene(), axis, scale());
        scene().add(Text{{10, 0, m_inputs.gutterPx - 16, chart::kTimeAxisPx},
                         headText(),
                         Font::Small,
                         {Role::Muted}});
        double left = m_layout.columnsLeftPx;
        for (const CompareColumn& column : m_layout.columns) {
            const QRectF place(left, 0, column.widthPx, chart::kTimeAxisPx);
            const bool isChosen = column.sort == m_inputs.sort;
            scene().add(Text{place,
                             column.heading,
                             Font::Small,
                             {isChosen ? Role::Accent : Role::Muted},
                             Qt::AlignRight | Qt::AlignVCenter});
            m_out.columns.push_back({place, column.sort});
            left += column.widthPx;
        }
    }

    /// "measured: median, range"
    QString headText() const {
        QStringList sources;
        for (const CompareRun& run : m_model.runs) {
            sources << QString::fromStdString(std::string(nameOf(run.row.info.source)));
        }
        sources.removeDuplicates();
        const QString all = sources.join(tr(" and "));
        return m_model.hasRepeats() ? tr("%1: median, range").arg(all) : all;
    }

    void addName(const CompareGroup& group, const QRectF& row, bool isShort) {
        if (group.isBaseline) {
            scene().add(Box{{0, row.top() + 2, 3, row.height() - 4}, {Role::Accent}});
        }
        const recording::RunInfo& info = m_model.typicalRow(group).info;
        const double width = m_inputs.gutterPx - 18;
        QStringList more;
        if (group.runs.size() > 1) {
            more << runsText(group);
        }
        more << settingsList(info);
        const double middle = row.center().y();
        const bool hasMore = !isShort && !more.isEmpty() && row.height() >= kTwoLinesPx;
        scene().add(Text{{10, hasMore ? middle - 16 : middle - 9, width, 18},
                         QString::fromStdString(info.model),
                         isShort ? Font::Body : Font::Strong,
                         {Role::Text}});
        if (hasMore) {
            scene().add(
                Text{{10, middle + 1, width, 14}, joined(more, width), Font::Small, {Role::Muted}});
        }
    }

    void addBar(std::size_t index) {
        const CompareGroup& group = m_model.groups[index];
        const QRectF row = m_layout.barRow(index);
        addName(group, row, false);
        chart::addPlotBackground(scene(), row, scale());
        const double height = std::floor(row.height() * kBarShare);
        const QRectF bar(row.left(), std::floor(row.center().y() - height / 2),
                         std::max(1.0, xOf(group.makespanNs.median) - row.left()), height);
        scene().add(Box{bar, {Role::Series, 0}, {}, true});
        m_out.bars.push_back({row, bar, index});
    }

    /// From the shortest run to the longest, and a ring for each run.
    void addWhisker(const CompareGroup& group, const QRectF& row) {
        if (group.runs.size() < 2) {
            return;
        }
        const double y = std::floor(row.center().y()) + 0.5;
        const double from = xOf(group.makespanNs.minimum);
        const double to = xOf(group.makespanNs.maximum);
        scene().add(Line{{QPointF(from, y), QPointF(to, y)}, {Role::Halo}, 4});
        for (const double x : {from, to}) {
            scene().add(Line{{QPointF(x, y - kCapPx), QPointF(x, y + kCapPx)}, {Role::Halo}, 4});
        }
        scene().add(Line{{QPointF(from, y), QPointF(to, y)}, {Role::Text}, 2});
        for (const double x : {from, to}) {
            scene().add(Line{{QPointF(x, y - kCapPx), QPointF(x, y + kCapPx)}, {Role::Text}, 2});
        }
        if (group.runs.size() > kMostRunDots) {
            return;
        }
        for (const std::size_t run : group.runs) {
            const auto ns = static_cast<double>(m_model.comparison.rows[run].statistics.makespanNs);
            scene().add(chart::Dot{{xOf(ns), y}, 2.5, {Role::Text}, chart::Shape::Ring});
        }
    }

    void addLines() {
        const double bottom =
            m_layout.barsTopPx + static_cast<double>(m_model.groups.size()) * m_layout.barRowPx;
        std::vector<chart::Mark> marks;
        for (const FinishMark& mark : m_layout.marks) {
            const double x = scale().xOf(mark.ns);
            if (x <= scale().rightPx()) {
                marks.push_back({x, mark.name});
                m_out.lines.push_back({x, m_layout.marksTopPx, bottom, mark.name, mark.meaning});
            }
        }
        const double right = m_inputs.size.width() - 8;
        chart::addMarks(scene(),
                        {scale().leftPx, m_layout.marksTopPx, right - scale().leftPx,
                         bottom - m_layout.marksTopPx},
                        marks);
    }

    void addRule(double x, double top, double bottom) {
        const double at = std::floor(x) + 0.5;
        scene().add(Line{{QPointF(at, top), QPointF(at, bottom)}, {Role::Text}, 1.5, true});
    }

    void addNumbers(std::size_t index) {
        const QRectF row = m_layout.barRow(index);
        double left = m_layout.columnsLeftPx;
        for (const CompareColumn& column : m_layout.columns) {
            const CompareCell& cell = column.cells[index];
            const bool isStrong = column.sort == m_inputs.sort || column.sort == CompareSort::Total;
            const double middle = row.center().y();
            const bool hasRange = !cell.range.isEmpty() && row.height() >= kTwoLinesPx;
            const QRectF value(left, hasRange ? middle - 16 : middle - 9, column.widthPx, 18);
            scene().add(Text{value,
                             cell.value,
                             isStrong ? Font::Strong : Font::Body,
                             {Role::Text},
                             Qt::AlignRight | Qt::AlignVCenter});
            if (hasRange) {
                scene().add(Text{{left, middle + 1, column.widthPx, 14},
                                 cell.range,
                                 Font::Small,
                                 {Role::Muted},
                                 Qt::AlignRight | Qt::AlignVCenter});
            }
            left += column.widthPx;
        }
    }

    void addParts(std::size_t index) {
        const CompareGroup& group = m_model.groups[index];
        const QRectF row = m_layout.waterfallRow(index);
        addName(group, row, true);
        const auto& waterfall = m_model.typicalRow(group).waterfall;
        if (!waterfall) {
            chart::addReason(scene(), row, tr("not known: the recording has no workers"));
            return;
        }
        double ns = 0;
        for (const Part part : m_model.parts) {
            const double length = waterfall->makespanShareNs(part);
            const double left = xOf(ns);
            ns += length;
            if (length <= 0) {
                continue;
            }
            const QRectF rect(QPointF(left, row.top() + 3), QPointF(xOf(ns), row.bottom() - 3));
            const QString text = durationText(static_cast<Nanoseconds>(length));
            const bool fits = chart::widthOf(text, Font::Small) + 8 <= rect.width();
            scene().add(Box{rect, chart::inkOf(part), fits ? text : QString(), true});
            m_out.parts.push_back({rect, index, part});
        }
        addLosses(*waterfall, row);
    }

    /// In words what took most, apart from the work itself: as many as there is room for.
    void addLosses(const analysis::Waterfall& waterfall, const QRectF& row) {
        std::vector<Part> parts = m_model.parts;
        std::erase_if(
            parts, [&](Part part) { return part == Part::Work || waterfall.share(part) < 0.01; });
        std::ranges::stable_sort(parts, std::greater(),
                                 [&](Part part) { return waterfall.of(part); });
        const double left = m_layout.columnsLeftPx + 14;
        const double room = m_inputs.size.width() - left - 8;
        QString text;
        for (const Part part : parts) {
            const QString one = QStringLiteral("%1 %2").arg(
                plainTitle(part),
                durationText(static_cast<Nanoseconds>(waterfall.makespanShareNs(part))));
            const QString longer = text.isEmpty() ? one : text + QStringLiteral(" · ") + one;
            if (chart::widthOf(longer, Font::Small) > room) {
                break;
            }
            text = longer;
        }
        scene().add(Text{{left, row.top(), room, row.height()}, text, Font::Small, {Role::Muted}});
    }

    const CompareModel& m_model;
    const CompareInputs& m_inputs;
    const CompareLayout& m_layout;
    ComparePicture& m_out;
};

QString groupText(const CompareModel& model, const CompareGroup& group) {
    const analysis::ComparisonRow& row = model.typicalRow(group);
    QStringList lines{QString::fromStdString(row.info.model)};
    if (group.runs.size() > 1) {
        lines[0] += QStringLiteral(", ") + runsText(group);
    }
    lines[0] += settingsOf(row.info).prepend(QStringLiteral(", "));
    for (int i = 1; i < kCompareSorts; ++i) {
        const auto column = static_cast<CompareSort>(i);
        const CompareCell cell = cellOf(model, group, column);
        const QString range =
            cell.range.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(cell.range);
        lines << QStringLiteral("%1: %2%3").arg(titleOf(column), cell.value, range);
    }
    return lines.join(u'\n');
}

QString partText(const CompareModel& model, const PlacedPart& placed) {
    const analysis::ComparisonRow& row = model.typicalRow(model.groups[placed.group]);
    const std::string_view meaning = analysis::meaningOf(placed.part);
    return tr("%1: %2, %3 % of the time of %4\n%5")
        .arg(plainTitle(placed.part),
             durationText(static_cast<Nanoseconds>(row.waterfall->makespanShareNs(placed.part))),
             QString::number(100 * row.waterfall->share(placed.part), 'f', 1),
             QString::fromStdString(row.label),
             QString::fromUtf8(meaning.data(), static_cast<qsizetype>(meaning.size())));
}

} // namespace

ComparePicture comparePicture(const CompareModel& model, const CompareInputs& inputs) {
    ComparePicture picture;
    picture.picture.scene.size = inputs.size;
    if (model.isEmpty() || inputs.visible.isEmpty()) {
        return picture;
    }
    const CompareLayout layout = compareLayout(model, inputs);
    picture.picture.scale = layout.timeScale;
    if (layout.timeScale.widthPx < 40) {
        return picture;
    }
    SummaryBuilder summary(model, inputs, layout, picture);
    summary.addBars();
    summary.addWaterfall();
    addTimelines(picture, model, inputs, layout);
    return picture;
}

QString compareAt(const CompareModel& model, const ComparePicture& shown, QPointF position) {
    const auto hit = [&](const auto& placed) { return placed.rect.contains(position); };
    for (const PlacedLine& line : shown.lines) {
        constexpr double kNearPx = 3;
        if (std::abs(position.x() - line.x) <= kNearPx && position.y() >= line.topPx &&
            position.y() <= line.bottomPx) {
            return line.name + u'\n' + line.meaning;
        }
    }
    if (const auto column = std::ranges::find_if(shown.columns, hit);
        column != shown.columns.end()) {
        return meaningOf(column->sort);
    }
    if (const auto part = std::ranges::find_if(shown.parts, hit); part != shown.parts.end()) {
        return partText(model, *part);
    }
    for (const PlacedBar& bar : shown.bars) {
        if (position.y() >= bar.row.top() && position.y() < bar.row.bottom()) {
            return groupText(model, model.groups[bar.group]);
        }
    }
    const auto run = std::ranges::find_if(
        shown.runs, [&](const PlacedRun& placed) { return placed.plot.contains(position); });
    return run == shown.runs.end()
               ? QString()
               : tasksAt(model.run(run->index), shown.picture.scale.timeAt(position.x()));
}

} // namespace interleave::ui
