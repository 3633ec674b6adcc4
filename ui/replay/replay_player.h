// SPDX-License-Identifier: GPL-3.0-or-later
// ReplayPlayer: lets the cursor of a view state run through its recording, and steps it from event
// to event. There is one for the window; all views follow the cursor. UI thread only.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/analysis/event_steps.h"
#include "ui/view_state/view_state.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

#include <optional>

namespace interleave::ui {

class ReplayPlayer : public QObject {
    Q_OBJECT

public:
    explicit ReplayPlayer(QObject* parent = nullptr);

    /// Whose cursor moves; null: nobody's. Another one stops the play.
    void setViewState(ViewState* state);
    ViewState* viewState() const { return m_state; }
    bool canPlay() const;

    bool isPlaying() const { return m_timer.isActive(); }
    /// Recorded time that passes in a second of play; one that lets the run take about ten seconds
    /// until somebody chooses.
    double speed() const;
    void setSpeed(double speed);
    /// What is played again and again: the selected range, else what is visible.
    bool isLooping() const { return m_isLooping; }
    TimeRange playedRange() const;
    /// What counts as an event for the steps.
    void setScope(analysis::EventScope scope) { m_scope = scope; }

    /// Where the cursor is; at the end while there is none.
    Nanoseconds cursorNs() const;
    /// As the timer does, `seconds` of real time later.
    void advance(double seconds);

public Q_SLOTS:
    /// From the cursor, or from the begin where that lies outside or at the end.
    void play();
    void pause();
    void toggle() { isPlaying() ? pause() : play(); }
    void setLooping(bool isLooping);
    void faster() { changeSpeed(1); }
    void slower() { changeSpeed(-1); }
    void stepForward() { step(true); }
    void stepBack() { step(false); }
    void toBegin();
    /// The end; of a live run it is followed.
    void toEnd();
    /// To the next bookmark after the cursor, or the one before.
    void toNextBookmark() { toBookmark(true); }
    void toPreviousBookmark() { toBookmark(false); }
    void moveTo(interleave::Nanoseconds when);

Q_SIGNALS:
    void playingChanged(bool isPlaying);
    /// Speed, loop, the cursor, or whose it is.
    void changed();

private:
    void step(bool isForward);
    void toBookmark(bool isForward);
    void changeSpeed(int by);
    void keepInSight(Nanoseconds when);
    const recording::Recording* recording() const;

    QPointer<ViewState> m_state;
    QTimer m_timer;
    QElapsedTimer m_clock;
    analysis::EventScope m_scope = analysis::EventScope::Any;
    std::optional<double> m_speed; // none: nobody has chosen
    double m_atNs = 0;             // with parts of a nanosecond, for slow play
    bool m_isLooping = false;
};

} // namespace interleave::ui
