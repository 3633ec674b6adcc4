// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/navigation_history.h"

namespace interleave::ui {

namespace {

constexpr std::int64_t kGestureMs = 700;
constexpr std::size_t kMostPlaces = 200;

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

} // namespace interleave::ui
