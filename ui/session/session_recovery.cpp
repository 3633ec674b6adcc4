// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session_recovery.h"

#include "engine/collector/collector.h"
#include "engine/collector/manifest.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/recording_file.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <system_error>

namespace interleave::ui {

namespace {

namespace fs = std::filesystem;

void takeNames(LeftRun& run, const recording::RunInfo& info) {
    run.scenario = QString::fromStdString(info.scenario);
    run.model = QString::fromStdString(info.model);
    run.startedAt = QString::fromStdString(info.startedAt);
}

/// None if the folder says neither what was run nor holds a recording.
std::optional<LeftRun> describe(SessionFolder folder) {
    LeftRun run;
    run.isWhole = folder.hasRecordingFile();
    const auto text = storage::readFile(folder.session() / "manifest.json");
    if (const auto manifest = text ? collector::parseManifest(*text)
                                   : Result<collector::Manifest>(std::unexpected(text.error()))) {
        takeNames(run, manifest->info);
    } else if (const auto whole = storage::readRecording(folder.recordingFile())) {
        takeNames(run, (*whole)->info);
    } else {
        // Not readable today is no reason to delete it: another version may know how.
        return std::nullopt;
    }
    run.folder = std::make_shared<SessionFolder>(std::move(folder));
    return run;
}

recording::Diagnostic cutShort() {
    return {
        "cut-short", recording::Severity::DataLoss, 1,
        "The program ended before this run did; it is shown as far as it had been recorded, and "
        "what was under way then ends there."};
}

} // namespace

std::vector<LeftRun> findLeftRuns(const std::vector<fs::path>& places) {
    std::vector<LeftRun> runs;
    for (const fs::path& place : places) {
        std::error_code error;
        std::vector<fs::path> candidates;
        for (fs::directory_iterator it(place, error), end; !error && it != end;
             it.increment(error)) {
            candidates.push_back(it->path());
        }
        for (const fs::path& candidate : candidates) {
            if (auto folder = SessionFolder::adopt(candidate)) {
                if (auto run = describe(std::move(*folder))) {
                    runs.push_back(std::move(*run));
                }
            }
        }
    }
    std::ranges::stable_sort(runs, {}, &LeftRun::startedAt);
    return runs;
}

Result<RecordingPtr> recoverRun(const LeftRun& run) {
    if (run.isWhole) {
        if (auto whole = storage::readRecording(run.folder->recordingFile())) {
            return whole;
        }
    }
    auto collector = collector::Collector::open(run.folder->session());
    if (!collector) {
        return std::unexpected(collector.error());
    }
    collector->poll();
    auto recording = std::make_shared<recording::Recording>(*collector->snapshot());
    if (!collector->isFinished()) {
        recording->diagnostics.insert(recording->diagnostics.begin(), cutShort());
    }
    recording->isLive = false;
    return recording;
}

QString sentenceFor(const LeftRun& run) {
    const QString sentence =
        run.isWhole ? tr("A run of “%1” (%2) was not saved when the program ended.")
                    : tr("A run of “%1” (%2) was not finished when the program ended.");
    return sentence.arg(run.scenario, run.model);
}

} // namespace interleave::ui
