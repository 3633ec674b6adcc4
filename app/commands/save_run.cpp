// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/save_run.h"

#include "engine/storage/recording_file.h"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace interleave::app {

Result<void> saveRun(const recording::Recording& recording, const std::filesystem::path& output) {
    auto saved = storage::writeRecording(recording, output);
    if (saved) {
        return saved;
    }
    const auto refuge = std::filesystem::temp_directory_path() /
                        fmt::format("interleave-{}-{}.ilv", recording.info.model, ::getpid());
    if (refuge != output && storage::writeRecording(recording, refuge)) {
        return fail(
            fmt::format("{} The run was kept in {}.", saved.error().message, refuge.string()));
    }
    return saved;
}

void printNotices(const recording::Recording& recording) {
    for (const recording::Diagnostic& item : recording.diagnostics) {
        if (item.severity != recording::Severity::Info) {
            // Not fmt::print, which throws if nobody reads: the run is still to be saved.
            std::fprintf(stderr, "%s: %s\n", recording.info.model.c_str(), item.message.c_str());
        }
    }
}

} // namespace interleave::app
