// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/load_recording.h"

#include "engine/chrome_trace/importer.h"
#include "engine/collector/collector.h"
#include "engine/storage/recording_file.h"

namespace interleave::app {

Result<std::shared_ptr<const recording::Recording>>
loadRecording(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
        return chrome_trace::isTraceFile(path)
                   ? chrome_trace::importTrace(path)
                   : storage::readRecording(path, storage::Checking::Everything);
    }
    auto collector = collector::Collector::open(path);
    if (!collector) {
        return std::unexpected(collector.error());
    }
    collector->poll();
    return collector->snapshot();
}

} // namespace interleave::app
