// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/host_clock.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <vector>

namespace interleave {

namespace {

constexpr Nanoseconds kBucketNs = 4 * kSecond; // of which the strongest bound is kept
constexpr std::size_t kMostBuckets = 150;
constexpr Nanoseconds kEnoughForDriftNs = 60 * kSecond;
constexpr double kMostDrift = 1e-4;   // of a clock that nobody has measured: 100 ppm
constexpr double kRestDrift = 2e-5;   // what the fitted drift may be wrong by
constexpr double kSlewedDrift = 1e-3; // more is no drift but a clock that is being set

/// By how much two bounds may contradict each other: somebody else may have asked a moment before.
constexpr Nanoseconds kToleranceNs = kSecond / 500;

/// As many in a row say that the clock was set.
constexpr int kEnoughContradictions = 3;

Nanoseconds scaled(Nanoseconds ns, double factor) {
    return static_cast<Nanoseconds>(std::llround(static_cast<double>(ns) * factor));
}

/// Keeps the strongest bound of each few seconds.
template <class Bounds, class Bound, class IsStronger>
void keep(Bounds& bounds, const Bound& added, IsStronger isStronger) {
    if (bounds.empty() || added.stampNs >= bounds.back().beginNs + kBucketNs) {
        bounds.push_back(added);
        if (bounds.size() > kMostBuckets) {
            bounds.pop_front();
        }
        return;
    }
    Bound& last = bounds.back();
    if (isStronger(added.offsetNs, last.offsetNs)) {
        last.stampNs = std::max(added.stampNs, last.beginNs);
        last.offsetNs = added.offsetNs;
    }
}

} // namespace

void HostClock::heard(Nanoseconds stampNs, Nanoseconds arrivalNs,
                      std::optional<Nanoseconds> askedNs) {
    const auto lower = askedNs ? std::optional(*askedNs - stampNs) : std::nullopt;
    if (contradicts(stampNs, arrivalNs - stampNs, lower)) {
        return;
    }
    if (m_upper.empty() || stampNs >= m_upper.back().beginNs + kBucketNs) {
        fitDrift();
    }
    keep(m_upper, Bound{stampNs, arrivalNs - stampNs, stampNs}, std::less());
    if (lower) {
        keep(m_lower, Bound{stampNs, *lower, stampNs}, std::greater());
    }
    m_latestNs = stampNs;
}

/// Whether these bounds can't be true beside what is known. After a few of them the clock must have
/// been set meanwhile, and it is what was known before that counts for nothing.
bool HostClock::contradicts(Nanoseconds stampNs, Nanoseconds upper,
                            std::optional<Nanoseconds> lower) {
    if (m_upper.empty()) {
        return false;
    }
    const Bounds known = boundsAt(stampNs);
    const bool isEarlier = known.lower && upper < *known.lower - kToleranceNs;
    const bool isLater = lower && *lower > known.upper + kToleranceNs;
    if (!isEarlier && !isLater) {
        m_contradictions = lower ? 0 : m_contradictions; // a late event contradicts nothing
        return false;
    }
    if (++m_contradictions < kEnoughContradictions) {
        return true;
    }
    m_upper.clear();
    m_lower.clear();
    m_drift = 0;
    m_hasDrift = false;
    m_contradictions = 0;
    ++m_steps;
    return false;
}

/// The drift is the slope of the lower convex hull of the delays where it passes their middle.
// Source: Moon, Skelly, Towsley, "Estimation and removal of clock skew from network delay
// measurements", 1999. O(n).
void HostClock::fitDrift() {
    if (m_upper.size() < 4 ||
        m_upper.back().stampNs - m_upper.front().stampNs < kEnoughForDriftNs) {
        return;
    }
    std::vector<Bound> hull;
    const auto turnsUp = [](const Bound& a, const Bound& b, const Bound& c) {
        const double ab = static_cast<double>(b.offsetNs - a.offsetNs) *
                          static_cast<double>(c.stampNs - b.stampNs);
        const double bc = static_cast<double>(c.offsetNs - b.offsetNs) *
                          static_cast<double>(b.stampNs - a.stampNs);
        return ab < bc;
    };
    for (const Bound& bound : m_upper) {
        while (hull.size() >= 2 && !turnsUp(hull[hull.size() - 2], hull.back(), bound)) {
            hull.pop_back();
        }
        hull.push_back(bound);
    }
    const Nanoseconds middle =
        m_upper.front().stampNs + (m_upper.back().stampNs - m_upper.front().stampNs) / 2;
    for (std::size_t i = 0; i + 1 < hull.size(); ++i) {
        if (hull[i + 1].stampNs < middle) {
            continue;
        }
        const double slope = static_cast<double>(hull[i + 1].offsetNs - hull[i].offsetNs) /
                             static_cast<double>(hull[i + 1].stampNs - hull[i].stampNs);
        if (std::abs(slope) <= kSlewedDrift) {
            m_drift = slope;
            m_hasDrift = true;
        }
        return;
    }
}

HostClock::Bounds HostClock::boundsAt(Nanoseconds stampNs) const {
    const double doubt = m_hasDrift ? kRestDrift : kMostDrift;
    Bounds bounds{std::nullopt, std::numeric_limits<Nanoseconds>::max()};
    for (const Bound& bound : m_upper) {
        const Nanoseconds age = stampNs - bound.stampNs;
        bounds.upper = std::min(bounds.upper, bound.offsetNs + scaled(age, m_drift) +
                                                  scaled(std::abs(age), doubt));
    }
    for (const Bound& bound : m_lower) {
        const Nanoseconds age = stampNs - bound.stampNs;
        const Nanoseconds lower =
            bound.offsetNs + scaled(age, m_drift) - scaled(std::abs(age), doubt);
        bounds.lower = std::max(bounds.lower.value_or(lower), lower);
    }
    if (bounds.lower && *bounds.lower > bounds.upper) {
        bounds.lower = bounds.upper; // by less than the tolerance
    }
    return bounds;
}

Nanoseconds HostClock::monotonicOf(Nanoseconds stampNs) const {
    return stampNs + boundsAt(stampNs).upper;
}

ClockEstimate HostClock::estimate() const {
    ClockEstimate estimate;
    estimate.steps = m_steps;
    estimate.drift = m_drift;
    if (m_upper.empty()) {
        return estimate;
    }
    const Bounds bounds = boundsAt(m_latestNs);
    estimate.offsetNs = monotonicOf(m_latestNs) - m_latestNs;
    if (bounds.lower) {
        estimate.errorNs = bounds.upper - *bounds.lower;
    }
    return estimate;
}

} // namespace interleave
