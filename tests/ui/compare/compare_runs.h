// SPDX-License-Identifier: GPL-3.0-or-later
// Runs for tests of the comparison: the same two pieces of work, done one after the other or at
// once, in so many units of time each.
#pragma once

#include "tests/support/recording_sketch.h"
#include "ui/compare/compare_model.h"

#include <string>

namespace interleave::ui {

/// One worker for the first half, then the other one: `total` is even.
inline std::shared_ptr<const recording::Recording> oneAfterTheOther(int total) {
    const auto half = static_cast<std::size_t>(total / 2);
    const std::string work(half, 'R');
    const std::string before(half, '.');
    auto copy = std::make_shared<recording::Recording>(*support::sketch(
        "w0: " + work + work + "\nw0/task: " + std::string(half, 'a') + std::string(half, 'b') +
        "\na: " + work + "\na/worker: " + std::string(half, '0') + "\nb: " +
        std::string(half, 'Q') + work + "\nb/worker: " + before + std::string(half, '0') + "\n"));
    copy->info.model = "sequential";
    copy->info.scenario = "Two tasks";
    copy->info.cores = 2;
    return copy;
}

/// Two workers; the first works all the time, the second half of it.
inline std::shared_ptr<const recording::Recording> atOnce(int total,
                                                          const std::string& model = "threads") {
    const auto all = static_cast<std::size_t>(total);
    const std::string half(all / 2, 'R');
    const std::string idle(all - all / 2, '.');
    auto copy = std::make_shared<recording::Recording>(
        *support::sketch("w0: " + std::string(all, 'R') + "\nw0/task: " + std::string(all, 'a') +
                         "\nw1: " + half + idle + "\nw1/task: " + std::string(all / 2, 'b') + idle +
                         "\na: " + std::string(all, 'R') + "\na/worker: " + std::string(all, '0') +
                         "\nb: " + half + "\nb/worker: " + std::string(all / 2, '1') + "\n"));
    copy->info.model = model;
    copy->info.scenario = "Two tasks";
    copy->info.cores = 2;
    return copy;
}

/// `sequential` once, `threads` three times: 8, 12 and 10 units.
inline Recordings repeatedRuns() {
    return {oneAfterTheOther(20), atOnce(8), atOnce(12), atOnce(10)};
}

} // namespace interleave::ui
