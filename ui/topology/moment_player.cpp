// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/moment_player.h"

namespace interleave::ui {

namespace {

constexpr int kFrameMs = 16;
constexpr double kLongestStepSeconds = 0.1; // after a stall it goes on, it does not jump

} // namespace

MomentPlayer::MomentPlayer(ViewState& state, QObject* parent)
    : QObject(parent)
    , m_state(state) {
    m_timer.setInterval(kFrameMs);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &MomentPlayer::advance);
    connect(&state, &ViewState::recordingChanged, this, [this] {
        if (!m_state.recording() || m_state.recording()->messages.empty()) {
            pause();
        }
    });
}

Nanoseconds MomentPlayer::nsPerSecond() const {
    return static_cast<Nanoseconds>(static_cast<double>(m_state.visible().durationNs()) /
                                    m_seconds);
}

void MomentPlayer::play() {
    if (isPlaying() || !m_state.recording() || m_state.recording()->messages.empty()) {
        return;
    }
    const TimeRange visible = m_state.visible();
    const auto& moment = m_state.momentNs();
    const Nanoseconds end = std::min(visible.endNs, m_state.extent().endNs);
    if (!moment || *moment < visible.beginNs || *moment >= end) {
        m_state.setMomentNs(visible.beginNs);
    }
    m_atNs = static_cast<double>(m_state.momentNs().value_or(visible.beginNs));
    m_clock.start();
    m_timer.start();
    Q_EMIT playingChanged(true);
}

void MomentPlayer::pause() {
    if (isPlaying()) {
        m_timer.stop();
        Q_EMIT playingChanged(false);
    }
}

void MomentPlayer::advance() {
    const double seconds =
        std::min(kLongestStepSeconds, static_cast<double>(m_clock.restart()) / 1000);
    const Nanoseconds shown = m_state.momentNs().value_or(0);
    if (std::abs(static_cast<double>(shown) - m_atNs) > 1) {
        m_atNs = static_cast<double>(shown); // somebody has moved it
    }
    m_atNs += seconds * static_cast<double>(nsPerSecond());
    const Nanoseconds end = std::min(m_state.visible().endNs, m_state.extent().endNs);
    if (m_atNs >= static_cast<double>(end)) {
        m_state.setMomentNs(end);
        pause();
    } else {
        m_state.setMomentNs(static_cast<Nanoseconds>(m_atNs));
    }
}

} // namespace interleave::ui
