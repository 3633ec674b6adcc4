// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_view.h"
#include "ui/theme/text.h"

#include "ui/topology/moment_player.h"
#include "ui/topology/topology_canvas.h"
#include "ui/topology/topology_painter.h"
#include "ui/topology/topology_strip.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <array>

namespace interleave::ui {

namespace {

constexpr std::array kPaces{3, 10, 30, 120}; // seconds for what is visible
constexpr int kUsualPace = 1;

QPushButton* button(QWidget* parent, const QString& text, const QString& name,
                    const QString& toolTip) {
    auto* result = new QPushButton(text, parent);
    result->setObjectName(name);
    result->setToolTip(toolTip);
    result->setAutoDefault(false);
    result->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    return result;
}

} // namespace

TopologyView::TopologyView(ViewState& state, QWidget* parent)
    : QWidget(parent)
    , m_state(state)
    , m_player(new MomentPlayer(state, this))
    , m_bar(new QWidget(this))
    , m_play(button(m_bar, tr("Play"), QStringLiteral("play"), tr("Let time run (Space)")))
    , m_previous(
          button(m_bar, tr("‹"), QStringLiteral("previousEvent"), tr("To the event before (,)")))
    , m_next(button(m_bar, tr("›"), QStringLiteral("nextEvent"), tr("To the next event (.)")))
    , m_end(button(m_bar, tr("End"), QStringLiteral("toEnd"),
                   tr("Show the end; a run that goes on is followed (End)")))
    , m_time(new QLabel(m_bar))
    , m_pace(new QComboBox(m_bar))
    , m_fit(button(m_bar, tr("Fit"), QStringLiteral("fitTopology"),
                   tr("Usual size again (0); Ctrl+wheel, + and - zoom")))
    , m_canvas(new TopologyCanvas(state, this))
    , m_strip(new TopologyStrip(state, this)) {
    setAccessibleName(tr("Topology"));
    setFocusProxy(m_canvas);
    build();
    connect(&state, &ViewState::recordingChanged, this, [this] {
        if (isVisible()) {
            prepare();
        }
        updateBar();
    });
    for (const auto signal : {&ViewState::momentChanged, &ViewState::recordingChanged}) {
        connect(&state, signal, this, &TopologyView::updateBar);
    }
    connect(&state, &ViewState::visibleChanged, this, &TopologyView::updateBar);
    updateBar();
}

void TopologyView::build() {
    m_bar->setAutoFillBackground(true);
    m_time->setTextFormat(Qt::PlainText);
    m_time->setObjectName(QStringLiteral("moment"));
    m_pace->setObjectName(QStringLiteral("pace"));
    m_pace->setAccessibleName(tr("How long playing what is visible takes"));
    m_pace->setToolTip(m_pace->accessibleName());
    m_previous->setAccessibleName(tr("Event before"));
    m_next->setAccessibleName(tr("Next event"));
    m_time->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    for (QPushButton* arrow : {m_previous, m_next}) {
        arrow->setMaximumWidth(36);
    }
    for (const int seconds : kPaces) {
        m_pace->addItem(tr("in %1 s").arg(seconds));
    }
    m_pace->setCurrentIndex(kUsualPace);
    auto* row = new QHBoxLayout(m_bar);
    row->setContentsMargins(10, 3, 10, 3);
    row->setSpacing(6);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_play, m_previous, m_next, m_end, m_pace, m_time}) {
        row->addWidget(widget, widget == m_time ? 1 : 0);
    }
    row->addWidget(m_fit);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_canvas, 1);
    column->addWidget(m_strip);
    connect(m_play, &QPushButton::clicked, m_player, &MomentPlayer::toggle);
    connect(m_player, &MomentPlayer::playingChanged, this, &TopologyView::updateBar);
    connect(m_previous, &QPushButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QPushButton::clicked, this, [this] { step(1); });
    connect(m_end, &QPushButton::clicked, this, &TopologyView::goToEnd);
    connect(m_fit, &QPushButton::clicked, m_canvas, &TopologyCanvas::fit);
    connect(m_pace, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_player->setSecondsForAll(kPaces[static_cast<std::size_t>(index)]);
        updateBar();
    });
    QWidget* earlier = m_canvas;
    for (QWidget* next : std::initializer_list<QWidget*>{m_play, m_previous, m_next, m_end, m_pace,
                                                         m_fit, m_strip}) {
        setTabOrder(earlier, next);
        earlier = next;
    }
}

void TopologyView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    prepare();
}

/// Made anew for each recording that is looked at; a view that is hidden costs nothing.
void TopologyView::prepare() {
    const auto& recording = m_state.recording();
    if ((m_model ? m_model->recording : nullptr) == recording) {
        return;
    }
    m_model =
        recording ? std::make_shared<const TopologyModel>(topologyModelOf(recording)) : nullptr;
    m_canvas->setModel(m_model);
    m_strip->setModel(m_model);
    const bool hasTime = m_model && !m_model->isEmpty();
    m_bar->setVisible(hasTime);
    m_strip->setVisible(hasTime);
    updateBar();
}

void TopologyView::updateBar() {
    m_play->setText(m_player->isPlaying() ? tr("Pause") : tr("Play"));
    const auto& recording = m_state.recording();
    const bool isAtEnd = !m_state.momentNs();
    m_end->setEnabled(!isAtEnd);
    if (!recording) {
        m_time->clear();
        return;
    }
    const auto text = [](Nanoseconds ns) { return durationText(ns); };
    if (m_player->isPlaying()) {
        m_time->setText(tr("a second shows %1").arg(text(m_player->nsPerSecond())));
    } else if (isAtEnd) {
        m_time->setText(recording->isLive ? tr("live, at the end") : tr("at the end"));
    } else {
        m_time->setText(
            tr("%1 of %2").arg(text(*m_state.momentNs()), text(recording->range.endNs)));
    }
}

void TopologyView::goToEnd() {
    m_player->pause();
    m_state.setMomentNs(std::nullopt);
}

void TopologyView::step(int by) {
    if (!m_model) {
        return;
    }
    m_player->pause();
    const Nanoseconds now = m_canvas->momentNs();
    const auto next = by > 0 ? m_model->flow.nextMove(now) : m_model->flow.previousMove(now);
    if (!next) {
        return;
    }
    m_state.setMomentNs(next);
    const TimeRange visible = m_state.visible();
    if (!visible.contains(*next)) { // keeps its length
        const Nanoseconds begin = *next - visible.durationNs() / 2;
        m_state.setVisible({begin, begin + visible.durationNs()}, ViewState::Move::Step);
    }
}

void TopologyView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Space:
        m_player->toggle();
        return;
    case Qt::Key_Comma:
        step(-1);
        return;
    case Qt::Key_Period:
        step(1);
        return;
    case Qt::Key_Home:
        m_player->pause();
        m_state.setMomentNs(m_state.visible().beginNs);
        return;
    case Qt::Key_End:
        goToEnd();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

std::unique_ptr<ViewPainter> TopologyView::painter() const {
    return m_state.recording() ? std::make_unique<TopologyPainter>(
                                     m_state.recording(), m_state.visible(), m_canvas->momentNs())
                               : nullptr;
}

} // namespace interleave::ui
