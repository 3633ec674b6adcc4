// SPDX-License-Identifier: GPL-3.0-or-later
// `export`: a view of a recording as an image, or its spans as CSV.
#include "app/commands/commands.h"
#include "app/commands/image_export.h"
#include "app/exit_code.h"
#include "app/load_recording.h"
#include "engine/analysis/span_csv.h"
#include "engine/storage/atomic_file.h"

#include <filesystem>
#include <fmt/format.h>

namespace interleave::app {

int exportRecording(const ExportOptions& options) {
    const std::string ending = std::filesystem::path(options.output).extension();
    const bool isImage = ending == ".png" || ending == ".svg" || ending == ".pdf";
    if (!isImage && ending != ".csv") {
        return report({fmt::format(
            "-o {}: the ending says the format; use .png, .svg, .pdf or .csv.", options.output)});
    }
    if (options.recordings.size() > 1 && (!isImage || options.view != "compare")) {
        return report({"Several recordings make one picture only with --view compare; give one."});
    }
    std::vector<std::shared_ptr<const recording::Recording>> recordings;
    for (const std::string& file : options.recordings) {
        auto recording = loadRecording(file);
        if (!recording) {
            return report(recording.error());
        }
        recordings.push_back(std::move(*recording));
    }
    if (isImage) {
        return exportImage(recordings, options);
    }
    const auto written =
        storage::writeFileAtomically(options.output, analysis::spanCsv(*recordings.front()));
    return written ? static_cast<int>(kDone) : report(written.error());
}

} // namespace interleave::app
