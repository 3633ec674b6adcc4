// SPDX-License-Identifier: GPL-3.0-or-later
// The checks of RecordingBuilder. They only look and say; nothing is corrected.
#pragma once

#include "engine/recording/recording.h"

namespace interleave::recording {

/// Task tracks (sorted, empty spans still in): transitions that base/state.h doesn't allow.
/// Worker tracks: spans that overlap. Appends to recording.diagnostics.
void validate(Recording& recording);

} // namespace interleave::recording
