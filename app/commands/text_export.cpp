// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/text_export.h"

#include "app/exit_code.h"
#include "app/load_recording.h"
#include "app/stop_on_signals.h"
#include "engine/analysis/span_csv.h"
#include "engine/chrome_trace/export.h"
#include "engine/storage/atomic_file.h"

#include <fmt/format.h>

namespace interleave::app {

bool isTextExport(const std::filesystem::path& output) {
    return output.extension() == ".csv" || output.extension() == ".json";
}

int exportText(const std::filesystem::path& recording, const std::filesystem::path& output) {
    // Before any thread, so that all of them leave the signals to it.
    const StopOnSignals stopSignals;
    const auto loaded = loadRecording(recording);
    if (!loaded) {
        return report(loaded.error());
    }
    auto file = storage::AtomicFile::create(output);
    if (!file) {
        return report(file.error());
    }
    const analysis::TextSink sink{.write = [&](std::string_view text) { return file->write(text); },
                                  .stop = stopSignals.token()};
    const Result<bool> complete = output.extension() == ".csv"
                                      ? analysis::writeSpanCsv(**loaded, std::nullopt, sink)
                                      : chrome_trace::exportTrace(**loaded, sink);
    if (!complete) {
        return report(complete.error());
    }
    if (!*complete) {
        fmt::print(stderr, "interleave: stopped; {} was not written.\n", output.string());
        return kInterrupted;
    }
    const auto committed = file->commit();
    return committed ? static_cast<int>(kDone) : report(committed.error());
}

} // namespace interleave::app
