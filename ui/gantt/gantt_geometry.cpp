// SPDX-License-Identifier: GPL-3.0-or-later
// Three steps: place the rows in sight; make each of them, on all cores; put them together and
// label the bars, which needs fonts and therefore one thread.
#include <tbb/parallel_for.h> // first: a macro of Qt's is called emit

#include "ui/gantt/gantt_geometry.h"
#include "ui/gantt/gantt_scratch.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace interleave::ui {

using recording::Recording;
using recording::SpanColumns;
using recording::SpanLane;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr double kRowPaddingPx = 3;
constexpr double kLaneGapPx = 2;
constexpr double kDeeperPx = 2; // the lane below the last one shown, in small: there is more
constexpr double kLeastLabelHeightPx = 14;
constexpr double kInstantPitchPx = 4; // marks closer than this share one triangle

// Bars reach at most this far out of sight: vector files carry every coordinate.
constexpr double kOverhangPx = 2;

/// What all rows have in common.
struct Frame {
    const GanttInputs& inputs;
    const GanttGeometry& geometry;
    const GanttScratch& scratch;
    double pxPerNs = 0;
    TaskId selectedTask{};

    bool isHidden(State state) const { return inputs.hidden[static_cast<std::size_t>(state)]; }
};

/// Where the bars and strips of a row may be.
QRectF barArea(const Frame& frame, const GanttRow& row) {
    const double padding = row.rect.height() >= 20 ? kRowPaddingPx : 2;
    return {frame.geometry.plot.left(), row.rect.top() + padding, frame.geometry.plot.width(),
            std::max(2.0, row.rect.height() - 2 * padding)};
}

QString percent(double share) {
    const double shown = std::round(100 * std::min(share, 1.0));
    return shown == 0 && share > 0 ? QStringLiteral("<1 %")
                                   : QStringLiteral("%1 %").arg(shown, 0, 'f', 0);
}

/// Makes one row. Several work at once, each on a row of its own.
class RowMaker {
public:
    RowMaker(const Frame& frame, const GanttRow& row, RowScratch& to)
        : m_frame(frame)
        , m_row(row)
        , m_to(to)
        , m_track(frame.inputs.recording->track(row.track)) {}

    void make();

private:
    QRectF laneArea(int lane, int lanes, bool hasDeeper) const;
    void addLane(const SpanLane& lane, int index, const QRectF& area, bool isInSmall);
    void addBar(std::size_t span, int lane, const QRectF& area);
    void addInstants();
    void addEndMark();
    void addDetail();

    const Frame& m_frame;
    const GanttRow& m_row;
    RowScratch& m_to;
    const Track& m_track;
    std::size_t m_mergedCount = 0;
    std::array<Ticks, kStates> m_topTimes{}; // of lane 0
};

void RowMaker::make() {
    m_to.bars.clear();
    m_to.instants.clear();
    m_to.strips.clear();
    m_to.endMark.reset();
    const auto lanes = m_track.spans.lanes();
    const int shown =
        std::min(m_frame.inputs.layout->at(m_row.index).laneCount, static_cast<int>(lanes.size()));
    const bool hasDeeper = static_cast<std::size_t>(shown) < lanes.size();
    for (int lane = 0; lane < shown; ++lane) {
        addLane(lanes[static_cast<std::size_t>(lane)], lane, laneArea(lane, shown, hasDeeper),
                false);
    }
    if (hasDeeper && shown > 0) {
        const QRectF area = barArea(m_frame, m_row);
        addLane(lanes[static_cast<std::size_t>(shown)], shown,
                {area.left(), area.bottom() - kDeeperPx, area.width(), kDeeperPx}, true);
    }
    addInstants();
    addEndMark();
    addDetail();
}

// Lane 0 on top, as the callers of what lies below it.
QRectF RowMaker::laneArea(int lane, int lanes, bool hasDeeper) const {
    QRectF area = barArea(m_frame, m_row);
    if (hasDeeper) {
        area.setHeight(std::max(2.0, area.height() - kDeeperPx - 1));
    }
    const double share = area.height() / lanes;
    const double gap = lane + 1 < lanes && share > 2 * kLaneGapPx ? kLaneGapPx : 0;
    return {area.left(), area.top() + lane * share, area.width(), std::max(2.0, share - gap)};
}

void RowMaker::addLane(const SpanLane& lane, int index, const QRectF& area, bool isInSmall) {
    const SpanColumns& spans = m_track.spans;
    const ColumnEdges& edges = m_frame.scratch.edges;
    const double ratio = m_frame.inputs.pixelRatio;
    if (m_mergedCount == m_to.merged.size()) {
        m_to.merged.emplace_back();
    }
    MergedStrip& merged = m_to.merged[m_mergedCount];
    const StripRule rule{.heightRatios = m_frame.inputs.heightRatios,
                         .hidden = m_frame.inputs.hidden,
                         .heightPx = static_cast<int>(std::lround(area.bottom() * ratio) -
                                                      std::lround(area.top() * ratio)),
                         .thinnestPx = std::max(1, static_cast<int>(std::lround(ratio)))};
    merged.reset(edges.size(), spans.pyramidStates(), rule);
    const auto onBar = [&](std::size_t span) {
        const State state = spans.state[span];
        if (index == 0) {
            const TimeRange seen = spans.rangeAt(span).intersected(edges.visible());
            m_topTimes[static_cast<std::size_t>(state)] += seen.durationNs() * kTicksPerNs;
        }
        if (!m_frame.isHidden(state)) {
            addBar(span, index, area);
        }
    };
    const auto onColumn = [&](const LaneColumn& column) {
        if (index == 0) {
            for (std::size_t slot = 0; slot < column.times.size(); ++slot) {
                m_topTimes[static_cast<std::size_t>(spans.pyramidStates()[slot])] +=
                    column.times[slot];
            }
        }
        merged.add(column);
    };
    walkLane(spans, lane, edges, onBar, onColumn);
    if (isInSmall) {
        for (GanttBar& bar : m_to.bars) {
            if (bar.lane == index) {
                bar.rect.setTop(area.top());
            }
        }
    }
    if (!merged.runs().empty()) {
        m_to.strips.push_back({area, &merged, static_cast<std::uint16_t>(index)});
        ++m_mergedCount;
    }
}

void RowMaker::addBar(std::size_t span, int lane, const QRectF& area) {
    const SpanColumns& spans = m_track.spans;
    const GanttInputs& inputs = m_frame.inputs;
    const double ratio = inputs.pixelRatio;
    const auto toPixel = [ratio](double x) { return std::round(x * ratio) / ratio; };
    const State state = spans.state[span];
    const double x0 =
        static_cast<double>(spans.begin[span] - inputs.visible.beginNs) * m_frame.pxPerNs;
    const double x1 = x0 + static_cast<double>(spans.duration[span]) * m_frame.pxPerNs;
    const double left = area.left() + toPixel(std::max(x0, -kOverhangPx));
    const double right = area.left() + toPixel(std::min(x1, area.width() + kOverhangPx));
    const double height = std::max(
        2.0, std::round(area.height() * inputs.heightRatios[static_cast<std::size_t>(state)]));
    if (std::min(right, m_frame.geometry.plot.right()) <=
        std::max(left, m_frame.geometry.plot.left())) {
        return; // a fraction of a pixel at the edge
    }
    GanttBar& bar = m_to.bars.emplace_back();
    bar.rect = QRectF(QPointF(left, std::max(area.top(), area.bottom() - height)),
                      QPointF(right, area.bottom()));
    bar.state = state;
    bar.span = {m_track.id, span};
    bar.lane = static_cast<std::uint16_t>(lane);
    bar.isPreempted = spans.isPreempted(span);
    bar.isUnfinished = spans.isUnfinished(span);
    bar.isRelated = !inputs.selected || inputs.selected == bar.span ||
                    (m_frame.selectedTask && spans.task[span] == m_frame.selectedTask);
}

void RowMaker::addInstants() {
    const auto pitch = static_cast<Nanoseconds>(kInstantPitchPx / m_frame.pxPerNs);
    m_frame.scratch.instants.forEachIn(
        m_track.id, m_frame.inputs.visible, pitch, [&](std::uint32_t mark) {
            const Nanoseconds time = m_frame.inputs.recording->marks[mark].timeNs;
            m_to.instants.push_back({m_frame.geometry.xOf(time), mark});
        });
}

void RowMaker::addEndMark() {
    if (m_track.kind != TrackKind::Task) {
        return;
    }
    const GanttGeometry& geometry = m_frame.geometry;
    const recording::TaskInfo& task = m_frame.inputs.recording->task(TaskId{m_track.subject});
    const bool isBad = task.end == State::Failed || task.end == State::Cancelled;
    if (!isBad || m_frame.inputs.recording->isLive || m_frame.isHidden(task.end)) {
        return;
    }
    const QRectF area = barArea(m_frame, m_row);
    const double size = std::min(10.0, area.height());
    const double x = geometry.xOf(task.endNs);
    if (x < geometry.plot.left() || x > geometry.plot.right()) {
        return;
    }
    const double centre = std::min(x + size / 2 + 2, geometry.plot.right() - size / 2);
    m_to.endMark = {{centre, area.center().y()}, size, task.end};
}

/// How many messages lie in a queue at most, in the time that is shown. Of queues whose depth
/// nobody has counted, nothing.
QString depthText(const Recording& recording, const Track& track, TimeRange shown) {
    for (const recording::Counter& counter : recording.counters) {
        if (counter.name != recording::kReadyMessages || counter.subject != track.subject) {
            continue;
        }
        // A value holds until the next one: what held as the range began counts, too.
        const auto& times = counter.time;
        const auto after = std::ranges::upper_bound(times, shown.beginNs);
        const auto end = std::ranges::lower_bound(times, shown.endNs);
        const auto first = (after == times.begin() ? after : after - 1) - times.begin();
        double most = 0;
        for (auto i = first; i < end - times.begin(); ++i) {
            most = std::max(most, counter.value[static_cast<std::size_t>(i)]);
        }
        return QStringLiteral("at most %1 waiting").arg(QLocale().toString(most, 'f', 0));
    }
    return {};
}

// Of nested spans the outermost count: those inside of them last no longer.
void RowMaker::addDetail() {
    m_to.detail.clear();
    const TimeRange shown = m_frame.inputs.visible.intersected(m_frame.inputs.recording->range);
    if (shown.isEmpty()) {
        return;
    }
    if (m_track.kind == TrackKind::Queue) {
        m_to.detail = depthText(*m_frame.inputs.recording, m_track, shown);
        return;
    }
    const bool isLock = m_track.kind == TrackKind::Lock;
    const State state = isLock ? State::Held : State::Running;
    const auto index = static_cast<std::size_t>(state);
    double time = static_cast<double>(m_topTimes[index]) / static_cast<double>(kTicksPerNs);
    if (isLock && !m_track.spans.isFlat()) {
        time = static_cast<double>(m_track.spans.timesIn(m_frame.inputs.visible)[index]);
    }
    const QString share = percent(time / static_cast<double>(shown.durationNs()));
    m_to.detail = state == State::Held ? QStringLiteral("%1 held").arg(share)
                                       : QStringLiteral("%1 running").arg(share);
}

/// Rows in sight, without what is on them.
void placeRows(const GanttInputs& inputs, GanttGeometry& geometry) {
    const RowLayout& layout = *inputs.layout;
    for (const PlacedRow& placed :
         layout.placedRows(inputs.scrollPx, geometry.plot.height(), inputs.rowPx)) {
        const RowItem& item = layout.at(placed.row);
        GanttRow& row = geometry.rows.emplace_back();
        row.index = placed.row;
        row.rect = QRectF(0, geometry.plot.top() + placed.top, inputs.size.width(),
                          layout.heightOf(placed.row, inputs.rowPx));
        row.track = item.track;
        row.isHeading = item.isHeading();
        row.name = item.name;
    }
    if (!geometry.rows.empty()) {
        for (std::size_t row = geometry.rows.back().index + 1; row < layout.size(); ++row) {
            geometry.hiddenRowCount += layout.at(row).isHeading() ? 0U : 1U;
        }
    }
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from, std::size_t& first, std::size_t& end) {
    first = to.size();
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    end = to.size();
}

void gatherRows(GanttGeometry& geometry, GanttScratch& scratch) {
    for (std::size_t i = 0; i < geometry.rows.size(); ++i) {
        GanttRow& row = geometry.rows[i];
        if (row.isHeading) {
            row.firstBar = row.endBar = geometry.bars.size();
            row.firstStrip = row.endStrip = geometry.strips.size();
            row.firstMark = row.endMark = geometry.instants.size();
            continue;
        }
        RowScratch& made = scratch.rows[i];
        append(geometry.bars, made.bars, row.firstBar, row.endBar);
        append(geometry.strips, made.strips, row.firstStrip, row.endStrip);
        append(geometry.instants, made.instants, row.firstMark, row.endMark);
        if (made.endMark) {
            geometry.endMarks.push_back(*made.endMark);
        }
        row.detail = made.detail;
    }
}

void addLabels(const GanttInputs& inputs, GanttGeometry& geometry, BarLabels& labels) {
    labels.use(inputs.recording, inputs.labelFont, inputs.pixelRatio);
    const double left = geometry.plot.left();
    const double right = geometry.plot.right();
    for (GanttBar& bar : geometry.bars) {
        const double seenPx = std::min(bar.rect.right(), right) - std::max(bar.rect.left(), left);
        const bool isHighEnough =
            std::min(bar.rect.bottom(), geometry.plot.bottom()) - bar.rect.top() >=
            kLeastLabelHeightPx;
        if (seenPx < kLeastLabelPx || !isHighEnough) {
            continue;
        }
        const Track& track = inputs.recording->track(bar.span.track);
        bar.labelId = labels.labelFor(track, bar.span.index, seenPx);
        bar.label = labels.textOf(bar.labelId);
    }
}

/// An empty geometry with the memory of another.
GanttGeometry emptied(GanttGeometry previous) {
    GanttGeometry geometry;
    geometry.rows = std::move(previous.rows);
    geometry.bars = std::move(previous.bars);
    geometry.strips = std::move(previous.strips);
    geometry.instants = std::move(previous.instants);
    geometry.endMarks = std::move(previous.endMarks);
    geometry.rows.clear();
    geometry.bars.clear();
    geometry.strips.clear();
    geometry.instants.clear();
    geometry.endMarks.clear();
    // A copy of the previous one may still read its strips.
    geometry.scratch = previous.scratch && previous.scratch.use_count() == 1
                           ? std::move(previous.scratch)
                           : std::make_shared<GanttScratch>();
    return geometry;
}

} // namespace

QRectF plotRect(QSizeF size, double gutterPx) {
    return {gutterPx, kRulerPx, std::max(1.0, size.width() - gutterPx),
            std::max(1.0, size.height() - kRulerPx)};
}

GanttGeometry ganttGeometry(const GanttInputs& inputs, GanttGeometry previous) {
    GanttGeometry geometry = emptied(std::move(previous));
    geometry.size = inputs.size;
    geometry.plot = plotRect(inputs.size, inputs.gutterPx);
    geometry.visible = inputs.visible;
    geometry.pixelRatio = inputs.pixelRatio;
    geometry.endX = geometry.plot.left();
    if (!inputs.recording || !inputs.layout || inputs.visible.isEmpty()) {
        return geometry;
    }
    const Recording& recording = *inputs.recording;
    geometry.ticks = timeTicks(inputs.visible, geometry.plot.width());
    geometry.endX = geometry.xOf(recording.range.endNs);
    placeRows(inputs, geometry);
    GanttScratch& scratch = *geometry.scratch;
    scratch.instants.use(inputs.recording);
    scratch.edges.set(inputs.visible, geometry.plot.width() * inputs.pixelRatio,
                      kExactSpanPx * inputs.pixelRatio);
    scratch.rows.resize(std::max(scratch.rows.size(), geometry.rows.size()));
    Frame frame{inputs, geometry, scratch,
                geometry.plot.width() / static_cast<double>(inputs.visible.durationNs())};
    if (inputs.selected) {
        frame.selectedTask =
            recording.track(inputs.selected->track).spans.task[inputs.selected->index];
    }
    tbb::parallel_for(std::size_t{0}, geometry.rows.size(), [&](std::size_t i) {
        if (!geometry.rows[i].isHeading) {
            RowMaker(frame, geometry.rows[i], scratch.rows[i]).make();
        }
    });
    gatherRows(geometry, scratch);
    geometry.firstRulerMark = geometry.instants.size();
    scratch.instants.forEachIn(
        TrackId{}, inputs.visible, static_cast<Nanoseconds>(kInstantPitchPx / frame.pxPerNs),
        [&](std::uint32_t mark) {
            geometry.instants.push_back({geometry.xOf(recording.marks[mark].timeNs), mark});
        });
    addLabels(inputs, geometry, scratch.labels);
    return geometry;
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

// Pinned rows come first; the row after them may reach under them.
const GanttRow* GanttGeometry::rowAt(double y) const {
    if (y < plot.top() || y >= plot.bottom()) {
        return nullptr;
    }
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [y](const GanttRow& each) { return y < each.rect.bottom(); });
    return row != rows.end() && y >= row->rect.top() ? &*row : nullptr;
}

const GanttRow* GanttGeometry::rowOf(TrackId track) const {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [track](const GanttRow& each) { return each.track == track; });
    return row != rows.end() && !track.isNone() ? &*row : nullptr;
}

// A lane's whole height counts for its bars: low bars (sleeping) would be hard to hit otherwise.
// Between the lanes, the outermost bar is meant.
const GanttBar* GanttGeometry::barAt(QPointF point) const {
    const GanttRow* row = rowAt(point.y());
    if (row == nullptr || point.x() < plot.left()) {
        return nullptr;
    }
    const GanttBar* found = nullptr;
    auto lane = bars.begin() + static_cast<std::ptrdiff_t>(row->firstBar);
    const auto rowEnd = bars.begin() + static_cast<std::ptrdiff_t>(row->endBar);
    while (lane != rowEnd) {
        const auto laneEnd = std::upper_bound(
            lane, rowEnd, lane->lane,
            [](std::uint16_t index, const GanttBar& each) { return index < each.lane; });
        const auto after =
            std::upper_bound(lane, laneEnd, point.x(),
                             [](double x, const GanttBar& each) { return x < each.rect.left(); });
        if (after != lane && point.x() < std::prev(after)->rect.right()) {
            const GanttBar& bar = *std::prev(after);
            if (point.y() >= bar.rect.top() && point.y() < bar.rect.bottom()) {
                return &bar;
            }
            const bool isNearer = found == nullptr || point.y() > found->rect.bottom();
            found = isNearer ? &bar : found;
        }
        lane = laneEnd;
    }
    return found;
}

std::optional<MergedSpot> GanttGeometry::mergedAt(QPointF point) const {
    const GanttRow* row = rowAt(point.y());
    if (row == nullptr || row->isHeading || point.x() < plot.left() || barAt(point) != nullptr) {
        return std::nullopt;
    }
    const auto column = static_cast<std::uint32_t>((point.x() - plot.left()) * pixelRatio);
    std::optional<MergedSpot> found;
    for (std::size_t i = row->firstStrip; i < row->endStrip; ++i) {
        const auto runs = strips[i].merged->runs();
        const auto run = std::ranges::upper_bound(runs, column, {}, &ColumnRun::end);
        const bool isBelow = point.y() >= strips[i].area.top(); // lanes follow one another
        if (run != runs.end() && run->first <= column && (isBelow || !found)) {
            const Nanoseconds begin = timeAt(plot.left() + column / pixelRatio);
            const Nanoseconds end = timeAt(plot.left() + (column + 1) / pixelRatio);
            found = MergedSpot{row->track, strips[i].lane, {begin, std::max(begin + 1, end)}};
        }
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
