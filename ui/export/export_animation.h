// SPDX-License-Identifier: GPL-3.0-or-later
// A replay as a short film: the kitchen while the cursor runs through a range.
#pragma once

#include "engine/base/result.h"
#include "ui/export/export_page.h"
#include "ui/export/export_request.h"

#include <optional>

namespace interleave::ui {

struct AnimationRequest {
    ExportRequest picture;       // its range is what is played; its format says nothing
    std::optional<double> speed; // of real time; none: so that it takes about ten seconds
    int framesPerSecond = 15;
};

inline constexpr int kMostFrames = 1800;

/// "1/50", "0.02", "2".
Result<double> replaySpeedFrom(std::string_view text);

/// Writes picture.output, wholly or not at all.
Result<void> exportAnimation(RecordingPtrs recordings, const AnimationRequest& request);

} // namespace interleave::ui
