// SPDX-License-Identifier: GPL-3.0-or-later
// Cost: one pass over the spans in sight of the rows in sight, a few nanoseconds each, then work
// that depends on pixels only. Binary searches bound the pass on both axes.
#include "ui/gantt/gantt_geometry.h"

#include "ui/gantt/bar_labels.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

using recording::Recording;
using recording::Span;
using recording::SpanColumns;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr double kRowPaddingPx = 3;
constexpr double kLeastLabelHeightPx = 14;

// Bars reach at most this far out of sight: vector files carry every coordinate.
constexpr double kOverhangPx = 2;

constexpr std::array<State, 16> kStackOrder{
    // From the bottom of a column: work first, then waits, then rest.
    State::Held,        State::Running,   State::Starting,  State::Transfer,
    State::Other,       State::Failed,    State::Ready,     State::WaitingGil,
    State::WaitingLock, State::Blocked,   State::WaitingIo, State::Retrying,
    State::Reserved,    State::Suspended, State::Queued,    State::Sleeping};

// Waits that explain a picture must not vanish for want of a pixel.
bool mattersWhenTiny(State state) {
    return state == State::WaitingGil || state == State::WaitingLock || state == State::Failed;
}

class GeometryMaker {
public:
    explicit GeometryMaker(const GanttInputs& inputs)
        : m_inputs(inputs)
        , m_labels(*inputs.recording, inputs.labelFont) {}

    GanttGeometry make();

private:
    void addRow(std::size_t index, double top);
    void addSpans(GanttRow& row, const Track& track);
    void addBar(const GanttRow& row, const Track& track, std::size_t span, double x0, double x1);
    void addSlices(GanttRow& row);
    void addColumn(const QRectF& area, std::size_t column);
    void addEndMark(const GanttRow& row, const Track& track);
    QString detailOf(const Track& track) const;
    QRectF barArea(const GanttRow& row) const;
    bool isHidden(State state) const { return m_inputs.hidden[static_cast<std::size_t>(state)]; }

    const GanttInputs& m_inputs;
    BarLabels m_labels;
    GanttGeometry m_geometry;
    TaskId m_selectedTask;
    ColumnShares m_columns;
    std::array<Nanoseconds, static_cast<std::size_t>(kStateCount)> m_totals{};
    std::array<std::size_t, static_cast<std::size_t>(kStateCount)> m_openSlices{};
    double m_pxPerNs = 0;
};

constexpr std::size_t kNoSlice = static_cast<std::size_t>(-1);

GanttGeometry GeometryMaker::make() {
    GanttGeometry& geometry = m_geometry;
    const Recording& recording = *m_inputs.recording;
    geometry.size = m_inputs.size;
    geometry.plot = plotRect(m_inputs.size, m_inputs.gutterPx);
    geometry.visible = m_inputs.visible;
    geometry.ticks = timeTicks(m_inputs.visible, geometry.plot.width());
    geometry.endX = geometry.xOf(recording.range.endNs);
    m_pxPerNs = geometry.plot.width() / static_cast<double>(m_inputs.visible.durationNs());
    if (m_inputs.selected) {
        m_selectedTask =
            recording.track(m_inputs.selected->track).spans.task[m_inputs.selected->index];
    }
    const RowLayout& layout = *m_inputs.layout;
    const double rowPx = m_inputs.rowPx;
    std::size_t row = layout.rowAt(m_inputs.scrollPx, rowPx).value_or(layout.size());
    for (; row < layout.size(); ++row) {
        const double top = geometry.plot.top() + layout.topOf(row, rowPx) - m_inputs.scrollPx;
        if (top >= geometry.plot.bottom()) {
            break;
        }
        addRow(row, top);
    }
    for (; row < layout.size(); ++row) {
        geometry.hiddenRowCount += layout.at(row).isHeading() ? 0U : 1U;
    }
    return std::move(m_geometry);
}

void GeometryMaker::addRow(std::size_t index, double top) {
    const RowItem& item = m_inputs.layout->at(index);
    GanttRow row;
    row.index = index;
    row.rect =
        QRectF(0, top, m_inputs.size.width(), m_inputs.layout->heightOf(index, m_inputs.rowPx));
    row.track = item.track;
    row.isHeading = item.isHeading();
    row.name = item.name;
    row.firstBar = row.endBar = m_geometry.bars.size();
    row.firstSlice = row.endSlice = m_geometry.slices.size();
    row.firstStretch = row.endStretch = m_geometry.stretches.size();
    if (!row.isHeading) {
        const Track& track = m_inputs.recording->track(item.track);
        addSpans(row, track);
        addEndMark(row, track);
        row.detail = detailOf(track);
    }
    m_geometry.rows.push_back(std::move(row));
}

void GeometryMaker::addSpans(GanttRow& row, const Track& track) {
    const SpanColumns& spans = track.spans;
    const TimeRange visible = m_inputs.visible;
    m_columns.reset(static_cast<std::size_t>(std::ceil(m_geometry.plot.width())));
    bool hasNarrow = false;
    m_totals = spans.timesIn(visible);
    spans.forEachIn(visible, [&](std::size_t i) {
        const State state = spans.state[i];
        if (isHidden(state)) {
            return;
        }
        const double x0 = static_cast<double>(spans.begin[i] - visible.beginNs) * m_pxPerNs;
        const double x1 = x0 + static_cast<double>(spans.duration[i]) * m_pxPerNs;
        if (x1 - x0 >= kExactSpanPx) {
            addBar(row, track, i, x0, x1);
            m_columns.exclude(x0, x1);
        } else {
            m_columns.add(x0, x1, state);
            hasNarrow = true;
        }
    });
    row.endBar = m_geometry.bars.size();
    if (hasNarrow) {
        addSlices(row);
    }
}

QRectF GeometryMaker::barArea(const GanttRow& row) const {
    const double padding = row.rect.height() >= 20 ? kRowPaddingPx : 2;
    return {m_geometry.plot.left(), row.rect.top() + padding, m_geometry.plot.width(),
            std::max(2.0, row.rect.height() - 2 * padding)};
}

void GeometryMaker::addBar(const GanttRow& row, const Track& track, std::size_t span, double x0,
                           double x1) {
    const QRectF area = barArea(row);
    const SpanColumns& spans = track.spans;
    const int lanes = m_inputs.layout->at(row.index).laneCount;
    const int lane = std::min<int>(spans.depthAt(span), lanes - 1);
    const double laneHeight = area.height() / lanes;
    const State state = spans.state[span];
    const double ratio = m_inputs.heightRatios[static_cast<std::size_t>(state)];
    const double height = std::max(2.0, std::round(laneHeight * ratio));
    const double bottom = area.bottom() - lane * laneHeight;
    const double left = area.left() + std::round(std::max(x0, -kOverhangPx));
    const double right =
        area.left() + std::round(std::min(x1, m_geometry.plot.width() + kOverhangPx));
    GanttBar bar;
    bar.rect = QRectF(QPointF(left, bottom - height), QPointF(right, bottom));
    bar.state = state;
    bar.span = {track.id, span};
    bar.isPreempted = spans.isPreempted(span);
    bar.isRelated = !m_inputs.selected || m_inputs.selected == bar.span ||
                    (m_selectedTask && spans.task[span] == m_selectedTask);
    const QRectF seen = bar.rect.intersected(m_geometry.plot);
    if (seen.isEmpty()) { // a fraction of a pixel at the edge
        return;
    }
    if (seen.width() >= kLeastLabelPx && seen.height() >= kLeastLabelHeightPx) {
        bar.label = m_labels.labelFor(track, span, seen.width());
    }
    m_geometry.bars.push_back(std::move(bar));
}

void GeometryMaker::addSlices(GanttRow& row) {
    const QRectF area = barArea(row);
    m_openSlices.fill(kNoSlice);
    bool isInStretch = false;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        if (!m_columns.isTouched(column)) {
            isInStretch = false;
            m_openSlices.fill(kNoSlice);
            continue;
        }
        const double x = area.left() + static_cast<double>(column);
        const double right = std::min(x + 1, area.right());
        if (isInStretch) {
            m_geometry.stretches.back().rect.setRight(right);
        } else {
            m_geometry.stretches.push_back(
                {QRectF(QPointF(x, area.top()), QPointF(right, area.bottom()))});
        }
        isInStretch = true;
        addColumn(area, column);
    }
    row.endSlice = m_geometry.slices.size();
    row.endStretch = m_geometry.stretches.size();
}

// A column is as high as the bars it stands for are on average, so that zooming out doesn't make
// waits look like work; within that height the states have their shares. Whole pixels from the
// bottom up; equal neighbours become one wider rectangle: fewer to paint, far fewer in a vector
// file.
void GeometryMaker::addColumn(const QRectF& area, std::size_t column) {
    const ColumnShares::States shares = m_columns.sharesAt(column);
    const double x = area.left() + static_cast<double>(column);
    const double right = std::min(x + 1, area.right());
    double total = 0;
    double meanRatio = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        total += static_cast<double>(shares[i]);
        meanRatio += static_cast<double>(shares[i]) * m_inputs.heightRatios[i];
    }
    const double height = std::max(2.0, std::min(meanRatio, 1.0) * area.height());
    double covered = 0;
    double bottom = area.bottom();
    for (const State state : kStackOrder) {
        const std::size_t index = static_cast<std::size_t>(state);
        const double share = static_cast<double>(shares[index]);
        if (share <= 0) {
            m_openSlices[index] = kNoSlice;
            continue;
        }
        covered += share;
        double top = std::round(area.bottom() - covered / total * height);
        if (mattersWhenTiny(state)) {
            top = std::min(top, bottom - 1);
        }
        top = std::max(top, area.top());
        if (top >= bottom) {
            m_openSlices[index] = kNoSlice;
            continue;
        }
        const std::size_t open = m_openSlices[index];
        if (open != kNoSlice && m_geometry.slices[open].rect.right() == x &&
            m_geometry.slices[open].rect.top() == top &&
            m_geometry.slices[open].rect.bottom() == bottom) {
            m_geometry.slices[open].rect.setRight(right);
        } else {
            m_openSlices[index] = m_geometry.slices.size();
            m_geometry.slices.push_back({QRectF(QPointF(x, top), QPointF(right, bottom)), state});
        }
        bottom = top;
    }
}

void GeometryMaker::addEndMark(const GanttRow& row, const Track& track) {
    if (track.kind != TrackKind::Task) {
        return;
    }
    const recording::TaskInfo& task = m_inputs.recording->task(TaskId{track.subject});
    const bool isBad = task.end == State::Failed || task.end == State::Cancelled;
    if (!isBad || m_inputs.recording->isLive || isHidden(task.end)) {
        return;
    }
    const QRectF area = barArea(row);
    const double size = std::min(10.0, area.height());
    const double x = m_geometry.xOf(task.endNs);
    if (x < m_geometry.plot.left() || x > m_geometry.plot.right()) {
        return;
    }
    const double centre = std::min(x + size / 2 + 2, m_geometry.plot.right() - size / 2);
    m_geometry.endMarks.push_back({{centre, area.bottom() - area.height() / 2}, size, task.end});
}

QString GeometryMaker::detailOf(const Track& track) const {
    const Nanoseconds whole = m_inputs.visible.intersected(m_inputs.recording->range).durationNs();
    if (whole <= 0) {
        return {};
    }
    const auto percent = [&](State state) {
        const double share = static_cast<double>(m_totals[static_cast<std::size_t>(state)]) /
                             static_cast<double>(whole);
        const double shown = std::round(100 * std::min(share, 1.0));
        return shown == 0 && share > 0 ? QStringLiteral("<1 %")
                                       : QStringLiteral("%1 %").arg(shown, 0, 'f', 0);
    };
    if (track.kind == TrackKind::Lock) {
        return QStringLiteral("%1 held").arg(percent(State::Held));
    }
    return QStringLiteral("%1 running").arg(percent(State::Running));
}

} // namespace

QRectF plotRect(QSizeF size, double gutterPx) {
    return {gutterPx, kRulerPx, std::max(1.0, size.width() - gutterPx),
            std::max(1.0, size.height() - kRulerPx)};
}

GanttGeometry ganttGeometry(const GanttInputs& inputs) {
    if (!inputs.recording || !inputs.layout || inputs.visible.isEmpty()) {
        GanttGeometry geometry;
        geometry.size = inputs.size;
        geometry.plot = plotRect(inputs.size, inputs.gutterPx);
        geometry.visible = inputs.visible;
        geometry.endX = geometry.plot.left();
        return geometry;
    }
    return GeometryMaker(inputs).make();
}

double GanttGeometry::xOf(Nanoseconds time) const {
    return plot.left() + static_cast<double>(time - visible.beginNs) * plot.width() /
                             static_cast<double>(visible.durationNs());
}

Nanoseconds GanttGeometry::timeAt(double x) const {
    const double share = (x - plot.left()) / plot.width();
    return visible.beginNs + static_cast<Nanoseconds>(
                                 std::llround(share * static_cast<double>(visible.durationNs())));
}

const GanttRow* GanttGeometry::rowAt(double y) const {
    if (y < plot.top() || y >= plot.bottom()) {
        return nullptr;
    }
    const auto after =
        std::upper_bound(rows.begin(), rows.end(), y, [](double height, const GanttRow& row) {
            return height < row.rect.top();
        });
    return after != rows.begin() && y < std::prev(after)->rect.bottom() ? &*std::prev(after)
                                                                        : nullptr;
}

const GanttRow* GanttGeometry::rowOf(TrackId track) const {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [track](const GanttRow& each) { return each.track == track; });
    return row != rows.end() && !track.isNone() ? &*row : nullptr;
}

// A row's whole height counts for its bars: low bars (sleeping) would be hard to hit otherwise.
const GanttBar* GanttGeometry::barAt(QPointF point) const {
    const GanttRow* row = rowAt(point.y());
    if (row == nullptr || point.x() < plot.left()) {
        return nullptr;
    }
    const GanttBar* found = nullptr;
    const auto begin = bars.begin() + static_cast<std::ptrdiff_t>(row->firstBar);
    const auto end = bars.begin() + static_cast<std::ptrdiff_t>(row->endBar);
    auto bar = std::upper_bound(
        begin, end, point.x(), [](double x, const GanttBar& each) { return x < each.rect.left(); });
    for (int looked = 0; bar != begin && looked < 16; ++looked) {
        --bar;
        if (point.x() >= bar->rect.right()) {
            continue;
        }
        if (bar->rect.contains(point)) {
            return &*bar; // of several lanes, the one that is under the pointer
        }
        found = found == nullptr ? &*bar : found;
    }
    return found;
}

const GanttBar* GanttGeometry::barOf(SpanRef span) const {
    const GanttRow* row = rowOf(span.track);
    if (row == nullptr) {
        return nullptr;
    }
    const auto begin = bars.begin() + static_cast<std::ptrdiff_t>(row->firstBar);
    const auto end = bars.begin() + static_cast<std::ptrdiff_t>(row->endBar);
    const auto bar =
        std::find_if(begin, end, [&](const GanttBar& each) { return each.span == span; });
    return bar != end ? &*bar : nullptr;
}

} // namespace interleave::ui
