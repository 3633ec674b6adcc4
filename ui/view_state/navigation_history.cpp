// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/navigation_history.h"

namespace interleave::ui {

namespace {

constexpr std::int64_t kGestureMs = 700;
constexpr std::size_t kMostPlaces = 200;
constexpr Nanoseconds kClearlyShorter = 3; // by a third of its length at least

bool leadsTo(TimeRange outer, TimeRange inner) {
    const bool isWithin = outer.beginNs <= inner.beginNs && inner.endNs <= outer.endNs;
    const Nanoseconds third = outer.durationNs() / kClearlyShorter;
    return isWithin && inner.durationNs() <= outer.durationNs() - third;
}

} // namespace

void NavigationHistory::reset(TimeRange place) {
    m_places.assign(1, place);
    m_current = 0;
    m_isInGesture = false;
}

void NavigationHistory::visit(TimeRange place, bool isStep, std::int64_t atMs) {
    const bool goesOn = isStep && m_isInGesture && atMs - m_lastStepMs <= kGestureMs;
    m_isInGesture = isStep;
    m_lastStepMs = atMs;
    if (!m_places.empty()) {
        m_places.resize(m_current + 1);
    }
    if (goesOn && m_current > 0) {
        m_places[m_current] = place;
        return;
    }
    if (!m_places.empty() && m_places.back() == place) {
        return;
    }
    if (m_places.size() == kMostPlaces) {
        m_places.erase(m_places.begin());
    }
    m_places.push_back(place);
    m_current = m_places.size() - 1;
}

std::optional<TimeRange> NavigationHistory::back() {
    m_isInGesture = false;
    if (!canGoBack()) {
        return std::nullopt;
    }
    return m_places[--m_current];
}

std::optional<TimeRange> NavigationHistory::forward() {
    m_isInGesture = false;
    if (!canGoForward()) {
        return std::nullopt;
    }
    return m_places[++m_current];
}

std::vector<TimeRange> NavigationHistory::trail() const {
    std::vector<TimeRange> trail;
    for (std::size_t i = 0; i < m_places.size() && i <= m_current; ++i) {
        while (!trail.empty() && !leadsTo(trail.back(), m_places[i])) {
            trail.pop_back();
        }
        trail.push_back(m_places[i]);
    }
    return trail;
}

} // namespace interleave::ui
