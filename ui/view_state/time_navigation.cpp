// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/time_navigation.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

namespace {

constexpr double kAirShare = 0.02;   // right of the end when fitted
constexpr double kFrameShare = 0.15; // on either side of a framed span

Nanoseconds rounded(double ns) {
    return static_cast<Nanoseconds>(std::llround(ns));
}

Nanoseconds lengthWithin(double wantedNs, TimeRange extent) {
    const double longest = std::max(2.0 * static_cast<double>(extent.durationNs()),
                                    static_cast<double>(kShortestViewNs));
    return rounded(std::clamp(wantedNs, static_cast<double>(kShortestViewNs), longest));
}

// A tenth of the view or of the extent, whichever is shorter, stays in sight.
TimeRange inSight(TimeRange view, TimeRange extent) {
    const Nanoseconds length = view.durationNs();
    const Nanoseconds kept = std::max<Nanoseconds>(
        1, std::min(length, std::max<Nanoseconds>(1, extent.durationNs())) / 10);
    const Nanoseconds begin =
        std::clamp(view.beginNs, extent.beginNs + kept - length,
                   std::max(extent.beginNs + kept - length, extent.endNs - kept));
    return {begin, begin + length};
}

} // namespace

TimeRange clampedView(TimeRange wanted, TimeRange extent) {
    const double wantedNs = static_cast<double>(wanted.endNs) - static_cast<double>(wanted.beginNs);
    const Nanoseconds length = lengthWithin(wantedNs, extent);
    if (length == wanted.durationNs()) {
        return inSight(wanted, extent);
    }
    const double middle = static_cast<double>(wanted.beginNs) + wantedNs / 2;
    const Nanoseconds begin = rounded(middle - static_cast<double>(length) / 2);
    return inSight({begin, begin + length}, extent);
}

TimeRange zoomedAt(TimeRange view, double factor, Nanoseconds anchorNs, TimeRange extent) {
    const double length = static_cast<double>(view.durationNs());
    if (length <= 0 || !(factor > 0)) {
        return clampedView(view, extent);
    }
    const Nanoseconds newLength = lengthWithin(length * factor, extent);
    const double share = static_cast<double>(anchorNs - view.beginNs) / length;
    const Nanoseconds begin =
        anchorNs - rounded(std::clamp(share, 0.0, 1.0) * static_cast<double>(newLength));
    return inSight({begin, begin + newLength}, extent);
}

TimeRange pannedBy(TimeRange view, double share, TimeRange extent) {
    return pannedByTime(view, rounded(share * static_cast<double>(view.durationNs())), extent);
}

TimeRange pannedByTime(TimeRange view, Nanoseconds deltaNs, TimeRange extent) {
    return inSight({view.beginNs + deltaNs, view.endNs + deltaNs}, extent);
}

TimeRange fittedView(TimeRange extent) {
    const Nanoseconds air = rounded(static_cast<double>(extent.durationNs()) * kAirShare);
    return clampedView({extent.beginNs, extent.endNs + air}, extent);
}

TimeRange framedView(TimeRange target, TimeRange extent) {
    const Nanoseconds air = rounded(static_cast<double>(target.durationNs()) * kFrameShare);
    return clampedView({target.beginNs - air, target.endNs + air}, extent);
}

} // namespace interleave::ui
