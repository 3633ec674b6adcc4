// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/transport_bar.h"

#include "ui/panels/bookmark_menu.h"
#include "ui/panels/icons.h"
#include "ui/panels/scrubber.h"
#include "ui/replay/replay_speed.h"
#include "ui/theme/text.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>

namespace interleave::ui {

namespace {

QString textOf(Nanoseconds ns) {
    return ns == 0 ? QStringLiteral("0") : durationText(ns);
}

} // namespace

TransportBar::TransportBar(ReplayPlayer& player, QWidget* parent)
    : QWidget(parent)
    , m_player(player)
    , m_begin(button("to-begin", QStringLiteral("toBegin"), tr("To the begin (Home)")))
    , m_back(
          button("step-back", QStringLiteral("previousEvent"), tr("To the event before (, or J)")))
    , m_play(button("run", QStringLiteral("play"), tr("Play (Space)")))
    , m_forward(
          button("step-forward", QStringLiteral("nextEvent"), tr("To the next event (. or L)")))
    , m_end(button("to-end", QStringLiteral("toEnd"),
                   tr("To the end; a run that goes on is followed (End)")))
    , m_loop(button("loop", QStringLiteral("loop"),
                    tr("Play the selected range, or what is visible, again and again (R)")))
    , m_mark(button("bookmark", QStringLiteral("bookmarks"),
                    tr("Bookmarks: B adds one with a note, N and Shift+N go to the next and the "
                       "one before")))
    , m_speed(new QComboBox(this))
    , m_moment(new QLabel(this))
    , m_scrubber(new Scrubber(player, this))
    , m_bookmarks(new BookmarkMenu(player, this)) {
    setObjectName(QStringLiteral("transport"));
    setAccessibleName(tr("Replay"));
    build();
    connect(&player, &ReplayPlayer::changed, this, &TransportBar::refresh);
    connect(&player, &ReplayPlayer::playingChanged, this, &TransportBar::refresh);
    refresh();
}

QToolButton* TransportBar::button(const char* icon, const QString& name, const QString& toolTip) {
    auto* result = new QToolButton(this);
    result->setIcon(iconNamed(QString::fromLatin1(icon)));
    result->setIconSize({16, 16});
    result->setObjectName(name);
    result->setToolTip(toolTip);
    result->setAccessibleName(toolTip);
    result->setAutoRaise(true);
    result->setFocusPolicy(Qt::TabFocus); // a click leaves the keyboard with the view
    return result;
}

void TransportBar::build() {
    m_loop->setCheckable(true);
    m_mark->setMenu(m_bookmarks);
    m_mark->setPopupMode(QToolButton::InstantPopup);
    m_speed->setObjectName(QStringLiteral("speed"));
    m_speed->setAccessibleName(tr("Speed, as a share of real time"));
    m_speed->setToolTip(tr("Speed, as a share of real time (Shift+J slower, Shift+L faster)"));
    m_speed->setFocusPolicy(Qt::TabFocus);
    m_speed->setMaxVisibleItems(20);
    for (const double speed : replaySpeeds()) {
        m_speed->addItem(speedText(speed), speed);
    }
    m_moment->setTextFormat(Qt::PlainText);
    m_moment->setObjectName(QStringLiteral("moment"));
    m_moment->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_moment->setMinimumWidth(
        m_moment->fontMetrics().horizontalAdvance(tr("000.0 ms of 000.0 ms")));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 2, 8, 2);
    row->setSpacing(2);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_begin, m_back, m_play, m_forward, m_end}) {
        row->addWidget(widget);
    }
    row->addSpacing(4);
    row->addWidget(m_scrubber, 1);
    row->addWidget(m_moment);
    row->addSpacing(6);
    row->addWidget(m_speed);
    row->addWidget(m_loop);
    row->addWidget(m_mark);
    connect(m_begin, &QToolButton::clicked, &m_player, &ReplayPlayer::toBegin);
    connect(m_back, &QToolButton::clicked, &m_player, &ReplayPlayer::stepBack);
    connect(m_play, &QToolButton::clicked, &m_player, &ReplayPlayer::toggle);
    connect(m_forward, &QToolButton::clicked, &m_player, &ReplayPlayer::stepForward);
    connect(m_end, &QToolButton::clicked, &m_player, &ReplayPlayer::toEnd);
    connect(m_loop, &QToolButton::toggled, &m_player, &ReplayPlayer::setLooping);
    connect(m_speed, &QComboBox::activated, &m_player,
            [this](int index) { m_player.setSpeed(m_speed->itemData(index).toDouble()); });
}

QString TransportBar::momentText() const {
    return m_moment->text();
}

void TransportBar::refresh() {
    const bool canPlay = m_player.canPlay();
    const ViewState* state = m_player.viewState();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_begin, m_back, m_play, m_forward,
                                                           m_end, m_loop, m_mark, m_speed}) {
        widget->setEnabled(canPlay);
    }
    const bool isPlaying = m_player.isPlaying();
    if (m_play->property("isPlaying").toBool() != isPlaying) {
        m_play->setProperty("isPlaying", isPlaying);
        m_play->setIcon(iconNamed(isPlaying ? QStringLiteral("pause") : QStringLiteral("run")));
        m_play->setToolTip(isPlaying ? tr("Pause (Space)") : tr("Play (Space)"));
        m_play->setAccessibleName(m_play->toolTip());
    }
    const QSignalBlocker silent(m_loop);
    m_loop->setChecked(m_player.isLooping());
    m_speed->setCurrentIndex(static_cast<int>(speedNearest(m_player.speed())));
    if (!canPlay) {
        m_moment->clear();
        return;
    }
    const bool isAtEnd = !state->momentNs();
    const QString end = textOf(state->extent().endNs);
    m_moment->setText(isAtEnd && state->recording()->isLive ? tr("live: %1").arg(end)
                      : isAtEnd                             ? tr("end: %1").arg(end)
                                : tr("%1 of %2").arg(textOf(m_player.cursorNs()), end));
}

} // namespace interleave::ui
