// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/replay_player.h"

#include "ui/replay/replay_speed.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr int kFrameMs = 16;
constexpr double kLongestStepSeconds = 0.1; // after a stall it goes on, it does not jump

} // namespace

ReplayPlayer::ReplayPlayer(QObject* parent)
    : QObject(parent) {
    m_timer.setInterval(kFrameMs);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this,
            [this] { advance(static_cast<double>(m_clock.restart()) / 1000); });
}

void ReplayPlayer::setViewState(ViewState* state) {
    if (m_state == state) {
        return;
    }
    pause();
    if (m_state) {
        m_state->disconnect(this);
    }
    m_state = state;
    if (m_state) {
        connect(m_state, &ViewState::recordingChanged, this, [this] {
            if (!canPlay()) {
                pause();
            }
            Q_EMIT changed();
        });
        for (const auto signal : {&ViewState::momentChanged, &ViewState::selectedRangeChanged,
                                  &ViewState::marksChanged}) {
            connect(m_state, signal, this, &ReplayPlayer::changed);
        }
        connect(m_state, &ViewState::visibleChanged, this, &ReplayPlayer::changed);
    }
    Q_EMIT changed();
}

const recording::Recording* ReplayPlayer::recording() const {
    return m_state ? m_state->recording().get() : nullptr;
}

bool ReplayPlayer::canPlay() const {
    return recording() != nullptr && !recording()->range.isEmpty();
}

double ReplayPlayer::speed() const {
    return m_speed.value_or(speedFor(m_state ? m_state->extent().durationNs() : 0));
}

void ReplayPlayer::setSpeed(double speed) {
    const auto all = replaySpeeds();
    m_speed = std::clamp(speed, all.front(), all.back());
    Q_EMIT changed();
}

void ReplayPlayer::changeSpeed(int by) {
    const auto all = replaySpeeds();
    const auto next = static_cast<std::ptrdiff_t>(speedNearest(speed())) + by;
    setSpeed(all[static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(next, 0, static_cast<std::ptrdiff_t>(all.size()) - 1))]);
}

void ReplayPlayer::setLooping(bool isLooping) {
    if (m_isLooping != isLooping) {
        m_isLooping = isLooping;
        Q_EMIT changed();
    }
}

TimeRange ReplayPlayer::playedRange() const {
    if (!m_state) {
        return {};
    }
    const TimeRange all = m_state->extent();
    if (!m_isLooping) {
        return all;
    }
    const TimeRange wanted = m_state->selectedRange().value_or(m_state->visible());
    return wanted.overlaps(all) ? wanted.intersected(all) : all;
}

Nanoseconds ReplayPlayer::cursorNs() const {
    return m_state ? m_state->momentNs().value_or(m_state->extent().endNs) : 0;
}

void ReplayPlayer::play() {
    if (isPlaying() || !canPlay()) {
        return;
    }
    const TimeRange range = playedRange();
    if (!range.contains(cursorNs())) {
        moveTo(range.beginNs);
    }
    m_atNs = static_cast<double>(cursorNs());
    m_clock.start();
    m_timer.start();
    Q_EMIT playingChanged(true);
}

void ReplayPlayer::pause() {
    if (isPlaying()) {
        m_timer.stop();
        Q_EMIT playingChanged(false);
    }
}

void ReplayPlayer::advance(double seconds) {
    if (!canPlay()) {
        pause();
        return;
    }
    const Nanoseconds shown = cursorNs();
    if (std::abs(static_cast<double>(shown) - m_atNs) > 1) {
        m_atNs = static_cast<double>(shown); // somebody has moved it
    }
    m_atNs += std::min(kLongestStepSeconds, seconds) * speed() * 1e9;
    const TimeRange range = playedRange();
    if (m_atNs < static_cast<double>(range.endNs)) {
        moveTo(static_cast<Nanoseconds>(m_atNs));
    } else if (m_isLooping) {
        m_atNs = static_cast<double>(range.beginNs);
        moveTo(range.beginNs);
    } else {
        // A live run has not ended there: it is followed from now on.
        recording()->isLive ? m_state->setMomentNs(std::nullopt) : moveTo(range.endNs);
        pause();
    }
}

void ReplayPlayer::moveTo(Nanoseconds when) {
    if (m_state) {
        m_state->setMomentNs(when);
        keepInSight(cursorNs());
    }
}

/// What is zoomed in turns the page when the cursor leaves it.
void ReplayPlayer::keepInSight(Nanoseconds when) {
    const TimeRange visible = m_state->visible();
    if (visible.contains(when) || when == visible.endNs) {
        return;
    }
    const Nanoseconds begin = when - visible.durationNs() / 10;
    m_state->setVisible({begin, begin + visible.durationNs()}, ViewState::Move::Step);
}

void ReplayPlayer::step(bool isForward) {
    pause();
    if (!canPlay()) {
        return;
    }
    const auto next = isForward ? analysis::nextEvent(*recording(), cursorNs(), m_scope)
                                : analysis::previousEvent(*recording(), cursorNs(), m_scope);
    if (next) {
        moveTo(*next);
    }
}

void ReplayPlayer::toBookmark(bool isForward) {
    if (!canPlay()) {
        return;
    }
    const QList<Mark>& marks = m_state->marks();
    const Nanoseconds now = cursorNs();
    std::optional<Nanoseconds> best;
    for (const Mark& mark : marks) { // in order of time
        // The end is shown until somebody moves: from there the first one is the next.
        if (isForward && (mark.timeNs > now || !m_state->momentNs())) {
            best = mark.timeNs;
            break;
        }
        if (!isForward && mark.timeNs < now) {
            best = mark.timeNs;
        }
    }
    if (best) {
        pause();
        moveTo(*best);
    }
}

void ReplayPlayer::toBegin() {
    pause();
    if (canPlay()) {
        moveTo(playedRange().beginNs);
    }
}

void ReplayPlayer::toEnd() {
    pause();
    if (canPlay()) {
        m_state->setMomentNs(std::nullopt);
    }
}

} // namespace interleave::ui
