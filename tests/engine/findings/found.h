// SPDX-License-Identifier: GPL-3.0-or-later
// What is found in a sketch whose units are milliseconds, and in recordings made by hand.
#pragma once

#include "engine/findings/findings.h"
#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <memory>
#include <string>
#include <vector>

namespace interleave::findings {

inline constexpr Nanoseconds kMs = 1'000'000;

struct RunOf {
    std::string sketch;
    std::string model = "threads";
    int cores = 2;
};

inline std::shared_ptr<const recording::Recording> recordingOf(const RunOf& run) {
    auto recording = std::make_shared<recording::Recording>(*support::sketch(run.sketch, kMs));
    recording->info.model = run.model;
    recording->info.cores = run.cores;
    return recording;
}

inline std::vector<std::string> kindsIn(const recording::Recording& recording) {
    std::vector<std::string> kinds;
    for (const Finding& finding : findingsOf(recording)) {
        kinds.push_back(finding.kind);
    }
    return kinds;
}

inline std::vector<std::string> kindsOf(const RunOf& run) {
    return kindsIn(*recordingOf(run));
}

/// The finding of a kind; fails without one.
inline Finding found(const recording::Recording& recording, const std::string& kind) {
    for (const Finding& finding : findingsOf(recording)) {
        if (finding.kind == kind) {
            return finding;
        }
    }
    ADD_FAILURE() << "no " << kind;
    return {};
}

/// The same characters so many times.
inline std::string times(int count, std::string_view text) {
    std::string all;
    for (int i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

} // namespace interleave::findings
