// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a recording as a Chrome trace (JSON) that Perfetto and chrome://tracing draw, and from
// which restore.h makes the same recording again. README.md says what becomes what.
#pragma once

#include "engine/analysis/ordered_text.h"
#include "engine/base/result.h"
#include "engine/recording/recording.h"

namespace interleave::chrome_trace {

/// True if it came to its end, false if it was stopped. An error of the sink ends it.
Result<bool> exportTrace(const recording::Recording& recording, const analysis::TextSink& sink);

} // namespace interleave::chrome_trace
