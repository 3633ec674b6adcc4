// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/overview_strip.h"

#include "ui/gantt/gantt_geometry.h"
#include "ui/theme/contrast.h"
#include "ui/theme/plot_style.h"
#include "ui/view_state/paint_ratio.h"
#include "ui/view_state/time_navigation.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace interleave::ui {

using recording::TrackKind;

namespace {

constexpr int kHeightPx = 40;
constexpr double kGripPx = 6;
constexpr double kLeastWindowPx = 4;
constexpr double kHitPx = 5;

// Up to here summing the tracks takes less than a frame.
constexpr std::size_t kQuickTracks = 64;

// What somebody does or waits for; tasks that merely queue would drown it.
constexpr State kShown[] = {State::Running, State::Starting,   State::Transfer,
                            State::Ready,   State::WaitingGil, State::WaitingLock,
                            State::Blocked, State::WaitingIo,  State::Other};

TrackKind kindOf(Grouping grouping) {
    switch (grouping) {
    case Grouping::Worker:
        return TrackKind::Worker;
    case Grouping::Core:
        return TrackKind::Core;
    case Grouping::Task:
        break;
    }
    return TrackKind::Task;
}

} // namespace

OverviewStrip::OverviewStrip(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_gutterPx(kDefaultGutterPx) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
    setAccessibleName(tr("Overview of the whole run"));
    setToolTip(tr("The whole run. Drag the window to look elsewhere, its edges to zoom."));
    const auto repaint = qOverload<>(&QWidget::update);
    connect(&m_state, &ViewState::visibleChanged, this, repaint);
    connect(&m_state, &ViewState::selectedRangeChanged, this, repaint);
    connect(&m_state, &ViewState::searchHitsChanged, this, repaint);
    connect(&m_state, &ViewState::recordingChanged, this, &OverviewStrip::forgetShares);
    connect(&m_state, &ViewState::groupingChanged, this, &OverviewStrip::forgetShares);
    connect(&m_state, &ViewState::hiddenStatesChanged, this, &OverviewStrip::forgetPicture);
    connect(&m_state, &ViewState::themeChanged, this, &OverviewStrip::forgetPicture);
}

void OverviewStrip::setGutterPx(double widthPx) {
    m_gutterPx = widthPx;
    forgetShares();
}

QSize OverviewStrip::sizeHint() const {
    return {400, kHeightPx};
}

void OverviewStrip::forgetPicture() {
    m_picture = QImage();
    update();
}

// The old shares stay in sight until there are new ones: in a live run they differ little.
void OverviewStrip::forgetShares() {
    m_isStale = true;
    update();
}

OverviewQuestion OverviewStrip::question() const {
    const double columns = std::ceil(track().width() * paintRatioOf(*this));
    return {m_state.recording(), kindOf(m_state.grouping()), shownRange(),
            std::max<std::size_t>(1, static_cast<std::size_t>(columns))};
}

void OverviewStrip::sumShares() {
    if (m_isSumming) {
        return; // and then again
    }
    m_isStale = false;
    const std::size_t asked = ++m_asked;
    OverviewQuestion now = question();
    if (now.recording->tracksOf(now.kind).size() <= kQuickTracks && !now.recording->isLive) {
        takeShares(asked, overviewShares(now), true);
        return;
    }
    m_isSumming = true;
    m_isComplete = false;
    m_summer = std::jthread([this, asked, now = std::move(now)](std::stop_token stop) {
        const auto report = [this, asked](const OverviewShares& shares, bool isComplete) {
            QMetaObject::invokeMethod(
                this, [=, this] { takeShares(asked, shares, isComplete); }, Qt::QueuedConnection);
        };
        const auto partly = [&](const OverviewShares& shares) { report(shares, false); };
        report(overviewShares(now, stop, partly), true);
    });
}

void OverviewStrip::takeShares(std::size_t asked, OverviewShares shares, bool isComplete) {
    m_isSumming = m_isSumming && !isComplete;
    if (asked != m_asked || !m_state.recording()) {
        return;
    }
    // While it fills up, another recording's shares would be worse than too few.
    if (isComplete || !m_state.recording()->isLive) {
        m_shares = std::move(shares);
        m_isComplete = isComplete;
        forgetPicture();
    }
}

QRectF OverviewStrip::track() const {
    return {m_gutterPx, 4, std::max(1.0, width() - m_gutterPx), height() - 8.0};
}

TimeRange OverviewStrip::shownRange() const {
    return fittedView(m_state.extent());
}

double OverviewStrip::xOf(Nanoseconds time) const {
    const TimeRange shown = shownRange();
    return track().left() + static_cast<double>(time - shown.beginNs) * track().width() /
                                static_cast<double>(shown.durationNs());
}

Nanoseconds OverviewStrip::timeAt(double x) const {
    const TimeRange shown = shownRange();
    return shown.beginNs +
           static_cast<Nanoseconds>(std::llround((x - track().left()) / track().width() *
                                                 static_cast<double>(shown.durationNs())));
}

QRectF OverviewStrip::windowRect() const {
    double left = std::clamp(xOf(m_state.visible().beginNs), track().left(), track().right());
    double right = std::clamp(xOf(m_state.visible().endNs), track().left(), track().right());
    if (right - left < kLeastWindowPx) { // still to be seen when deep inside
        const double middle = (left + right) / 2;
        left = middle - kLeastWindowPx / 2;
        right = middle + kLeastWindowPx / 2;
    }
    return {left, track().top(), right - left, track().height()};
}

void OverviewStrip::makePicture() {
    const auto& columns = m_shares->columns;
    const auto heightOf = [&](std::size_t column, State state) {
        return m_state.isHidden(state) ? 0.0F : columns[column][static_cast<std::size_t>(state)];
    };
    float most = 0;
    for (std::size_t column = 0; column < columns.size(); ++column) {
        float sum = 0;
        for (const State state : kShown) {
            sum += heightOf(column, state);
        }
        most = std::max(most, sum);
    }
    const double ratio = paintRatioOf(*this);
    const int height = std::max(1, static_cast<int>(std::lround(track().height() * ratio)));
    m_picture =
        QImage(static_cast<int>(columns.size()), height, QImage::Format_ARGB32_Premultiplied);
    m_picture.setDevicePixelRatio(ratio);
    m_picture.fill(Qt::transparent);
    for (std::size_t column = 0; most > 0 && column < columns.size(); ++column) {
        float covered = 0;
        int y = height;
        for (const State state : kShown) {
            covered += heightOf(column, state);
            const int top =
                height - static_cast<int>(std::lround(static_cast<float>(height) * covered / most));
            const QRgb colour = m_state.theme().of(state).fill.rgb();
            while (y > top) {
                --y;
                reinterpret_cast<QRgb*>(m_picture.scanLine(y))[column] = colour;
            }
        }
    }
}

void OverviewStrip::paintHits(QPainter& painter) const {
    const auto& hits = m_state.searchHits();
    if (!hits || hits->density.empty() || hits->range.isEmpty()) {
        return;
    }
    const double partNs =
        static_cast<double>(hits->range.durationNs()) / static_cast<double>(hits->density.size());
    double last = -2;
    for (std::size_t i = 0; i < hits->density.size(); ++i) {
        const auto middle = static_cast<Nanoseconds>((static_cast<double>(i) + 0.5) * partNs);
        const double x = std::floor(xOf(hits->range.beginNs + middle));
        if (hits->density[i] != 0 && x > last && x >= track().left() && x < track().right()) {
            painter.fillRect(QRectF(x, track().bottom() - kHitPx, 2, kHitPx),
                             m_state.theme().accent);
            last = x + 1;
        }
    }
}

void OverviewStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = m_state.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(track(), theme.background);
    painter.setFont(theme.font(kSmallPx));
    painter.setPen(theme.mutedText);
    painter.drawText(QRectF(10, 0, m_gutterPx - 14, height()), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("Overview"));
    if (!m_state.recording()) {
        return;
    }
    if (m_isStale) {
        sumShares();
    }
    if (m_picture.isNull() && m_shares) {
        makePicture();
    }
    painter.drawImage(track(), m_picture);
    if (const auto range = m_state.selectedRange()) {
        painter.fillRect(QRectF(QPointF(xOf(range->beginNs), track().top()),
                                QPointF(xOf(range->endNs), track().bottom()))
                             .intersected(track()),
                         theme.selectionFill);
    }
    QColor veil = theme.panel;
    veil.setAlpha(175);
    const QRectF window = windowRect();
    painter.fillRect(QRectF(track().topLeft(), window.bottomLeft()), veil);
    painter.fillRect(QRectF(window.topRight(), track().bottomRight()), veil);
    painter.setPen(QPen(theme.accent, 1));
    painter.drawRect(window.adjusted(0.5, 0.5, -1, -1));
    for (const double x : {window.left(), window.right() - 3}) {
        painter.fillRect(QRectF(x, window.center().y() - 7, 3, 14), theme.accent);
    }
    paintHits(painter);
}

OverviewStrip::Grip OverviewStrip::gripAt(QPointF point) const {
    const QRectF window = windowRect();
    if (std::abs(point.x() - window.left()) <= kGripPx) {
        return Grip::Left;
    }
    if (std::abs(point.x() - window.right()) <= kGripPx) {
        return Grip::Right;
    }
    return point.x() > window.left() && point.x() < window.right() ? Grip::Body : Grip::None;
}

void OverviewStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_state.recording()) {
        return;
    }
    m_grip = gripAt(event->position());
    if (m_grip == Grip::None) { // go there, and on dragging from there
        const Nanoseconds middle = timeAt(event->position().x());
        const Nanoseconds half = m_state.visible().durationNs() / 2;
        m_state.setVisible({middle - half, middle + half});
        m_grip = Grip::Body;
    }
    m_pressedNs = timeAt(event->position().x());
    m_visibleAtPress = m_state.visible();
}

void OverviewStrip::mouseMoveEvent(QMouseEvent* event) {
    if (m_grip == Grip::None) {
        const Grip under = gripAt(event->position());
        setCursor(under == Grip::Body   ? Qt::OpenHandCursor
                  : under == Grip::None ? Qt::ArrowCursor
                                        : Qt::SizeHorCursor);
        return;
    }
    const Nanoseconds moved = timeAt(event->position().x()) - m_pressedNs;
    TimeRange wanted = m_visibleAtPress;
    if (m_grip != Grip::Right) {
        wanted.beginNs += moved;
    }
    if (m_grip != Grip::Left) {
        wanted.endNs += moved;
    }
    if (wanted.beginNs + kShortestViewNs <= wanted.endNs) {
        m_state.setVisible(wanted, ViewState::Move::Step);
    }
}

void OverviewStrip::mouseReleaseEvent(QMouseEvent*) {
    m_grip = Grip::None;
}

void OverviewStrip::mouseDoubleClickEvent(QMouseEvent*) {
    m_state.fit();
}

void OverviewStrip::wheelEvent(QWheelEvent* event) {
    const double steps = event->angleDelta().y() / 120.0;
    m_state.zoomAt(timeAt(event->position().x()), std::pow(0.8, steps));
    event->accept();
}

void OverviewStrip::resizeEvent(QResizeEvent*) {
    forgetShares();
}

} // namespace interleave::ui
