// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a run besides its timeline; shown in captions and saved with every recording.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interleave::recording {

enum class Source : std::uint8_t { Measured, Simulated, Imported };
std::string_view nameOf(Source source); // "measured", "simulated", "imported"

struct RunInfo {
    std::string scenario{}; // its name
    std::string about{};
    std::string model{};
    Source source = Source::Measured;
    int workers = 0;
    int cores = 0;
    std::uint64_t seed = 0;
    std::vector<std::pair<std::string, std::string>> parameters{}; // as given to --set, in order
    std::string startedAt{};                                       // ISO 8601, UTC
    std::string machine{};                                         // processor and kernel, one line
    std::string kernelTruth{};  // "switches" (exact), "sampled" or "none"
    double makespanSeconds = 0; // first submission to last end of a task
};

} // namespace interleave::recording
