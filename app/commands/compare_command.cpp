// SPDX-License-Identifier: GPL-3.0-or-later
// `compare`: recordings of the same work side by side, as a table, as JSON, as an image.
#include "app/commands/commands.h"
#include "app/commands/image_export.h"
#include "app/exit_code.h"
#include "app/fail_if.h"
#include "app/load_recording.h"
#include "engine/analysis/comparison.h"

#include <fmt/format.h>

namespace interleave::app {

int compareRecordings(const CompareOptions& options) {
    const auto condition = FailIf::parse(options.failIf);
    if (!condition) {
        return report(condition.error());
    }
    std::vector<std::shared_ptr<const recording::Recording>> recordings;
    for (const std::string& file : options.recordings) {
        auto recording = loadRecording(file);
        if (!recording) {
            return report(recording.error());
        }
        recordings.push_back(std::move(*recording));
    }
    if (!options.output.empty()) {
        ExportOptions image;
        image.output = options.output;
        image.view = "compare";
        image.scale = kSlideScale;
        if (const int code = exportImage(recordings, image)) {
            return code;
        }
    }
    const analysis::Comparison comparison = analysis::compare(recordings);
    if (options.json) {
        fmt::print("{}", analysis::comparisonJson(comparison));
        return condition->exitCodeFor(recordings);
    }
    fmt::print("{}{}", analysis::comparisonTable(comparison),
               analysis::finishLinesText(comparison));
    if (options.showsFacts) {
        fmt::print("\n{}", analysis::factsTable(comparison));
    }
    if (options.showsWaterfall) {
        fmt::print("\n{}", analysis::waterfallTable(comparison));
    }
    return condition->exitCodeFor(recordings);
}

} // namespace interleave::app
