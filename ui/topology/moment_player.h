// SPDX-License-Identifier: GPL-3.0-or-later
// Lets the moment of a view state run through what is visible, at a pace of its own.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/view_state/view_state.h"

#include <QElapsedTimer>
#include <QTimer>

namespace interleave::ui {

class MomentPlayer : public QObject {
    Q_OBJECT

public:
    explicit MomentPlayer(ViewState& state, QObject* parent = nullptr);

    bool isPlaying() const { return m_timer.isActive(); }
    /// How long the visible range takes from begin to end.
    void setSecondsForAll(double seconds) { m_seconds = seconds; }
    double secondsForAll() const { return m_seconds; }
    /// Real time that passes in a second of play.
    Nanoseconds nsPerSecond() const;

public Q_SLOTS:
    /// From the moment, or from the begin of what is visible where the moment lies outside or at
    /// the end.
    void play();
    void pause();
    void toggle() { isPlaying() ? pause() : play(); }

Q_SIGNALS:
    void playingChanged(bool isPlaying);

private:
    void advance();

    ViewState& m_state;
    QTimer m_timer;
    QElapsedTimer m_clock;
    double m_seconds = 10;
    double m_atNs = 0; // with parts of a nanosecond, for slow play
};

} // namespace interleave::ui
