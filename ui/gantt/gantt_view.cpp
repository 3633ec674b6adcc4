// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_view.h"

#include "ui/gantt/gantt_links.h"
#include "ui/gantt/gantt_mouse.h"
#include "ui/gantt/gantt_overlay.h"
#include "ui/gantt/gantt_painter.h"
#include "ui/gantt/overview_strip.h"
#include "ui/gantt/span_search.h"
#include "ui/gantt/span_text.h"
#include "ui/theme/plot_style.h"
#include "ui/view_state/paint_ratio.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr double kMergedReachPx = 1.5; // around the pointer, where spans are merged

} // namespace

GanttView::GanttView(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_overview(new OverviewStrip(state, this))
    , m_canvas(new GanttCanvas([this](QPainter& painter) { paint(painter); }, this))
    , m_scrollBar(new QScrollBar(Qt::Vertical, this))
    , m_mouse(std::make_unique<GanttMouse>(*this, state)) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Timeline"));
    m_canvas->setFocusPolicy(Qt::NoFocus);
    m_canvas->setMinimumSize(200, 100);
    m_canvas->installEventFilter(this);
    m_canvas->addOverlay([this](QPainter& painter) { paintOverlay(painter); });
    makeLayout();
    connectState();
    m_sayTimer.setSingleShot(true);
    connect(&m_sayTimer, &QTimer::timeout, this, [this] { say(QString()); });
    refreshRows();
}

GanttView::~GanttView() = default;

void GanttView::makeLayout() {
    auto* rows = new QHBoxLayout;
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(m_canvas, 1);
    rows->addWidget(m_scrollBar);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_overview);
    column->addLayout(rows, 1);
    m_scrollBar->setFocusPolicy(Qt::NoFocus);
    connect(m_scrollBar, &QScrollBar::valueChanged, this, &GanttView::refresh);
}

void GanttView::connectState() {
    connect(&m_state, &ViewState::recordingChanged, this, &GanttView::refreshRows);
    connect(&m_state, &ViewState::groupingChanged, this, &GanttView::refreshRows);
    connect(&m_state, &ViewState::tracksChanged, this, &GanttView::refreshRows);
    connect(&m_state, &ViewState::visibleChanged, this, &GanttView::refresh);
    connect(&m_state, &ViewState::hiddenStatesChanged, this, &GanttView::refresh);
    connect(&m_state, &ViewState::selectedSpanChanged, this, &GanttView::refresh);
    connect(&m_state, &ViewState::revealRequested, this, &GanttView::reveal);
    connect(&m_state, &ViewState::themeChanged, this, &GanttView::refresh);
    for (const auto signal :
         {&ViewState::selectedRangeChanged, &ViewState::measuredRangeChanged,
          &ViewState::hoverTimeChanged, &ViewState::momentChanged, &ViewState::finishLineChanged,
          &ViewState::marksChanged, &ViewState::searchHitsChanged}) {
        connect(&m_state, signal, this, &GanttView::refreshOverlay);
    }
}

void GanttView::setGutterPx(double widthPx) {
    m_gutterPx = widthPx;
    m_overview->setGutterPx(widthPx);
    refresh();
}

void GanttView::setOverviewVisible(bool isVisible) {
    m_overview->setVisible(isVisible);
}

GanttCanvas* GanttView::canvas() const {
    return m_canvas;
}

void GanttView::refreshRows() {
    m_layout = m_state.recording() ? std::make_shared<RowLayout>(
                                         *m_state.recording(), m_state.grouping(), m_state.tracks())
                                   : std::make_shared<RowLayout>();
    updateScrollBar();
    refresh();
}

void GanttView::refresh() {
    m_canvas->replot();
}

void GanttView::refreshOverlay() {
    m_canvas->replotOverlay();
}

void GanttView::updateScrollBar() {
    const double room = m_canvas->height() - kRulerPx;
    const double rowPx = m_layout->rowPxFor(room);
    const int beyond = static_cast<int>(std::ceil(m_layout->totalHeight(rowPx) - room));
    m_scrollBar->setRange(0, std::max(0, beyond));
    m_scrollBar->setSingleStep(static_cast<int>(rowPx));
    m_scrollBar->setPageStep(std::max(1, static_cast<int>(room)));
    m_scrollBar->setVisible(beyond > 0);
}

GanttInputs GanttView::inputs() const {
    GanttInputs inputs;
    inputs.recording = m_state.recording();
    inputs.layout = m_layout;
    inputs.visible = m_state.visible();
    inputs.size = m_canvas->size();
    inputs.gutterPx = m_gutterPx;
    inputs.rowPx = m_layout->rowPxFor(inputs.size.height() - kRulerPx);
    inputs.scrollPx = m_scrollBar->value();
    inputs.hidden = m_state.hiddenStates();
    inputs.selected = m_state.selectedSpan();
    inputs.grouping = m_state.grouping();
    inputs.labelFont = m_state.theme().font(kSmallPx);
    inputs.heightRatios = heightRatiosOf(m_state.theme());
    inputs.pixelRatio = paintRatioOf(*m_canvas);
    return inputs;
}

const GanttGeometry& GanttView::geometry() const {
    GanttInputs now = inputs();
    if (now != m_geometryInputs) {
        // What it has allocated, the cache of labels first of all, serves the next frame.
        m_geometry = ganttGeometry(now, std::move(m_geometry));
        m_geometryInputs = std::move(now);
    }
    return m_geometry;
}

QString GanttView::emptyText() const {
    if (!m_state.recording()) {
        return tr("Run a scenario to see its timeline");
    }
    if (m_layout->trackRowCount() == 0) {
        return m_state.recording()->isLive ? tr("Waiting for the first events of the run")
                                           : tr("Nothing was recorded for these rows: "
                                                "choose another grouping");
    }
    return {};
}

void GanttView::paint(QPainter& painter) const {
    const Theme& theme = m_state.theme();
    GanttCorner corner;
    if (m_state.recording()) {
        const auto source = nameOf(m_state.recording()->info.source);
        corner.source = QString::fromUtf8(source.data(), static_cast<qsizetype>(source.size()));
        corner.isLive = m_state.recording()->isLive;
    }
    paintGantt(painter, geometry(), corner, theme);
    if (const QString text = emptyText(); !text.isEmpty()) {
        painter.setFont(theme.font(kTitlePx));
        painter.setPen(theme.mutedText);
        painter.drawText(geometry().plot, Qt::AlignCenter | Qt::TextWordWrap, text);
    }
}

void GanttView::paintOverlay(QPainter& painter) const {
    if (m_state.recording()) {
        GanttOverlay overlay;
        overlay.selected = m_state.selectedSpan();
        if (overlay.selected) {
            overlay.arrows = linkArrows(links(), geometry(), *overlay.selected);
        }
        overlay.selectedRange = m_state.selectedRange();
        overlay.measuredRange = m_state.measuredRange();
        overlay.hoverTimeNs = m_state.hoverTimeNs();
        overlay.momentNs = m_state.momentNs();
        overlay.marks = m_state.marks();
        if (m_state.searchHits()) {
            paintSearchHits(painter, geometry(), *m_state.recording(), *m_state.searchHits(),
                            m_state.theme());
        }
        paintGanttOverlay(painter, geometry(), overlay, m_state.theme());
        if (overlay.selected && geometry().barOf(*overlay.selected) == nullptr) {
            paintSelectedPlace(painter, geometry(), overlay.selected->track,
                               m_state.selectedSpanValue()->range, m_state.theme());
        }
        if (m_state.finishLine()) {
            paintFinishLine(painter, geometry(), *m_state.finishLine(), m_state.theme());
        }
        if (m_state.passingMarkNs()) {
            paintPassingMark(painter, geometry(), *m_state.passingMarkNs(), m_state.theme());
        }
    }
    if (hasFocus()) {
        painter.setPen(QPen(m_state.theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(m_canvas->rect()).adjusted(1, 1, -1, -1));
    }
}

std::optional<SpanRef> GanttView::spanAt(QPointF point) const {
    const GanttGeometry& drawn = geometry();
    if (const GanttBar* bar = drawn.barAt(point)) {
        return bar->span;
    }
    const GanttRow* row = drawn.rowAt(point.y());
    if (row == nullptr || row->isHeading || point.x() < drawn.plot.left()) {
        return std::nullopt;
    }
    const TimeRange near{drawn.timeAt(point.x() - kMergedReachPx),
                         drawn.timeAt(point.x() + kMergedReachPx) + 1};
    const auto index = longestSpan(m_state.recording()->track(row->track).spans, near);
    return index ? std::optional(SpanRef{row->track, *index}) : std::nullopt;
}

QString GanttView::tipAt(QPointF point) const {
    const GanttGeometry& drawn = geometry();
    if (const GanttBar* bar = drawn.barAt(point)) {
        return spanTip(*m_state.recording(), bar->span.track, bar->span.index);
    }
    const GanttRow* row = drawn.rowAt(point.y());
    if (row == nullptr || row->isHeading) {
        return {};
    }
    if (point.x() < drawn.plot.left()) {
        return QStringLiteral("%1\n%2").arg(row->name, row->detail);
    }
    const double column = std::floor(point.x());
    return mergedTip(
        *m_state.recording(), row->track,
        {drawn.timeAt(column), std::max(drawn.timeAt(column) + 1, drawn.timeAt(column + 1))});
}

void GanttView::scrollRowsBy(double px) {
    m_scrollBar->setValue(m_scrollBar->value() + static_cast<int>(std::lround(px)));
}

void GanttView::reveal(SpanRef span) {
    if (!m_layout->rowOf(span.track)) { // hidden, filtered out or in a folded group
        m_state.setTracks(
            showingTrack(m_state.tracks(), *m_state.recording(), m_state.grouping(), span.track));
    }
    if (const auto row = m_layout->rowOf(span.track)) {
        const double room = m_canvas->height() - kRulerPx;
        const double rowPx = m_layout->rowPxFor(room);
        const double top = m_layout->topOf(*row, rowPx);
        if (top < m_scrollBar->value()) {
            m_scrollBar->setValue(static_cast<int>(top - kHeadingRowPx));
        } else if (top + rowPx > m_scrollBar->value() + room) {
            m_scrollBar->setValue(static_cast<int>(std::ceil(top + rowPx - room)));
        }
    }
    const TimeRange range = m_state.recording()->track(span.track).spans.rangeAt(span.index);
    const TimeRange visible = m_state.visible();
    if (!range.overlaps(visible)) {
        const Nanoseconds middle = range.beginNs + range.durationNs() / 2;
        const Nanoseconds half = visible.durationNs() / 2;
        m_state.setVisible({middle - half, middle + half});
    }
}

bool GanttView::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_canvas) {
        return QWidget::eventFilter(watched, event);
    }
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        setFocus(Qt::MouseFocusReason);
        m_mouse->press(*static_cast<QMouseEvent*>(event));
        return true;
    case QEvent::MouseMove:
        m_mouse->move(*static_cast<QMouseEvent*>(event));
        return true;
    case QEvent::MouseButtonRelease:
        m_mouse->release(*static_cast<QMouseEvent*>(event));
        return true;
    case QEvent::MouseButtonDblClick:
        m_mouse->doubleClick(*static_cast<QMouseEvent*>(event));
        return true;
    case QEvent::Wheel:
        m_mouse->wheel(*static_cast<QWheelEvent*>(event));
        return true;
    case QEvent::Leave:
        m_mouse->leave();
        return false;
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos()), m_canvas,
                           QRect(help->pos() - QPoint(2, 2), QSize(4, 4)));
        return true;
    }
    case QEvent::Resize:
        updateScrollBar();
        return false;
    default:
        return false;
    }
}

void GanttView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    refreshOverlay();
}

void GanttView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    m_mouse->setSpaceHeld(false);
    refreshOverlay();
}

} // namespace interleave::ui
