// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a recording as a Chrome trace (JSON) that Perfetto and chrome://tracing draw, and from
// which restore.h makes the same recording again. README.md says what becomes what.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <functional>
#include <stop_token>
#include <string_view>

namespace interleave::chrome_trace {

struct ExportOptions {
    /// Takes the text, a megabyte or so at a time, in order; from one thread at a time.
    std::function<Result<void>(std::string_view)> write{};
    std::stop_token stop{};
    /// Share of the work that is done; from the thread that writes.
    std::function<void(double)> progress{};
};

/// True if it came to its end, false if it was stopped. An error of `write` ends it.
Result<bool> exportTrace(const recording::Recording& recording, const ExportOptions& options);

} // namespace interleave::chrome_trace
