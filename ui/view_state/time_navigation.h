// SPDX-License-Identifier: GPL-3.0-or-later
// Zooming and panning as pure functions of ranges. `extent` is what there is to see (the whole
// recording, or the longest of several); a view may show up to twice that much, so that the ends
// can be looked at in context, and no less than 20 ns.
#pragma once

#include "engine/base/time.h"

namespace interleave::ui {

inline constexpr Nanoseconds kShortestViewNs = 20;

/// The nearest range that may be shown: its length within [20 ns, 2 x extent], and at least a
/// part of the extent in sight. The middle of the wanted range is kept where possible.
TimeRange clampedView(TimeRange wanted, TimeRange extent);

/// The range `factor` times as long (0.5 zooms in), with the anchor at the same place on screen.
TimeRange zoomedAt(TimeRange view, double factor, Nanoseconds anchorNs, TimeRange extent);

/// Moved by a share of its own length; 0.25 shows what lies a quarter to the right.
TimeRange pannedBy(TimeRange view, double share, TimeRange extent);

/// Moved by a time, kept within the extent plus half a view on either side.
TimeRange pannedByTime(TimeRange view, Nanoseconds deltaNs, TimeRange extent);

/// The whole extent with a little air on the right, so that the last bar's end is seen.
TimeRange fittedView(TimeRange extent);

/// A range such that `target` fills most of the view.
TimeRange framedView(TimeRange target, TimeRange extent);

} // namespace interleave::ui
