// SPDX-License-Identifier: GPL-3.0-or-later
// `import`: a foreign trace as a recording of our own.
#include "app/commands/commands.h"
#include "app/exit_code.h"
#include "app/stop_on_signals.h"
#include "engine/chrome_trace/importer.h"
#include "engine/storage/recording_file.h"

#include <filesystem>
#include <fmt/format.h>

namespace interleave::app {

namespace {

std::size_t spanCountOf(const recording::Recording& recording) {
    std::size_t count = 0;
    for (const recording::Track& track : recording.tracks) {
        count += track.spans.size();
    }
    return count;
}

void printSummary(const recording::Recording& recording, const std::string& file) {
    fmt::print("{}: {} spans, {} threads, {} tasks, {} links, {}\n", file, spanCountOf(recording),
               recording.workers.size(), recording.tasks.size(), recording.links.size(),
               formatDuration(recording.range.durationNs()));
    for (const recording::Diagnostic& item : recording.diagnostics) {
        fmt::print("{:<10} {}\n", recording::nameOf(item.severity), item.message);
    }
}

} // namespace

int importTrace(const ImportOptions& options) {
    if (!chrome_trace::isTraceFile(options.trace) && std::filesystem::exists(options.trace)) {
        return report({fmt::format("{} is not a trace that can be imported; Chrome trace JSON can, "
                                   "also compressed with gzip.",
                                   options.trace)});
    }
    const StopOnSignals stopSignals;
    chrome_trace::ImportOptions how;
    how.stop = stopSignals.token();
    const auto recording = chrome_trace::importTrace(options.trace, how);
    if (stopSignals.token().stop_requested()) {
        return kInterrupted;
    }
    if (!recording) {
        return report(recording.error());
    }
    if (const auto written = storage::writeRecording(**recording, options.output); !written) {
        return report(written.error());
    }
    printSummary(**recording, options.output);
    return kDone;
}

} // namespace interleave::app
