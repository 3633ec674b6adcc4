// SPDX-License-Identifier: GPL-3.0-or-later
// A small recording in which something stands out: two tasks compute in turn under one lock.
#pragma once

#include "tests/support/recording_sketch.h"

#include <memory>
#include <string>

namespace interleave::ui {

inline std::string inTurn(int rounds, const std::string& text) {
    std::string all;
    for (int i = 0; i < rounds; ++i) {
        all += text;
    }
    return all;
}

inline std::shared_ptr<recording::Recording> gilRun() {
    const std::string a = inTurn(6, "RRRRRGGGGG");
    const std::string b = inTurn(6, "GGGGGRRRRR");
    auto recording = std::make_shared<recording::Recording>(
        *support::sketch("w0: " + a + "\nw0/task: " + std::string(60, 'a') + "\nw1: " + b +
                             "\nw1/task: " + std::string(60, 'b') + "\na: " + a + "\nb: " + b +
                             "\ngil GIL: " + inTurn(6, "aaaaabbbbb") + "\n",
                         1'000'000));
    recording->info.model = "gil-threads";
    recording->info.workers = 2;
    recording->info.cores = 2;
    return recording;
}

} // namespace interleave::ui
