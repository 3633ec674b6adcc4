// SPDX-License-Identifier: GPL-3.0-or-later
// `export`: a view of a recording as an image, or the recording as text.
#include "app/commands/commands.h"
#include "app/commands/image_export.h"
#include "app/commands/text_export.h"
#include "app/exit_code.h"
#include "app/load_recording.h"

#include <filesystem>
#include <fmt/format.h>

namespace interleave::app {

int exportRecording(const ExportOptions& options) {
    const std::string ending = std::filesystem::path(options.output).extension();
    const bool isImage =
        ending == ".png" || ending == ".svg" || ending == ".pdf" || ending == ".webp";
    if (!isImage && !isTextExport(options.output)) {
        return report(
            {fmt::format("-o {}: the ending says the format; use .png, .svg, .pdf, .webp, .json or "
                         ".csv.",
                         options.output)});
    }
    if (options.recordings.size() > 1 && (!isImage || options.view != "compare")) {
        return report({"Several recordings make one picture only with --view compare; give one."});
    }
    if (!isImage) {
        return exportText(options.recordings.front(), options.output);
    }
    std::vector<std::shared_ptr<const recording::Recording>> recordings;
    for (const std::string& file : options.recordings) {
        auto recording = loadRecording(file);
        if (!recording) {
            return report(recording.error());
        }
        recordings.push_back(std::move(*recording));
    }
    return exportImage(recordings, options);
}

} // namespace interleave::app
