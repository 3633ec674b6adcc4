// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a recording again from what export.h wrote: the same spans to the nanosecond, and
// everything else.
#pragma once

#include "engine/base/result.h"
#include "engine/chrome_trace/document.h"
#include "engine/chrome_trace/trace_text.h"
#include "engine/recording/recording.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace interleave::chrome_trace {

struct RestoreOptions {
    std::string name{};                          // of the file, for sentences
    std::optional<std::filesystem::path> file{}; // where details can be read again
    std::stop_token stop{};
    std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
    std::size_t pieceBytes = std::size_t{8} << 20;
};

/// Whether the trace is an export of ours.
bool isExport(const TraceDocument& document);

/// The recording of a trace for which isExport() holds.
Result<std::shared_ptr<const recording::Recording>>
restoreTrace(const std::shared_ptr<const TraceText>& text, TraceDocument& document,
             const RestoreOptions& options);

} // namespace interleave::chrome_trace
