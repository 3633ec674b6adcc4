// SPDX-License-Identifier: GPL-3.0-or-later
// Which model suits the work of a recording: an estimate for each from measured shares, the best of
// them, why, and how sure that is. Estimates know nothing of caches, of a busy machine, of what a
// library does behind the scenes; running the first two against each other does.
#pragma once

#include "engine/recommendation/workload.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::recommendation {

enum class Sureness : std::uint8_t { Low, Medium, High };
std::string_view nameOf(Sureness sureness);

struct Candidate {
    std::string model;
    int workers = 1;
    Nanoseconds estimatedNs = 0;
    std::string limit; // what it can't be faster than, in words
};

struct Recommendation {
    Workload workload;
    std::vector<Candidate> candidates; // best first; where they are about as fast, the one that
                                       // needs less
    Sureness sureness = Sureness::Low;
    std::vector<std::string> reasons; // sentences with numbers and units
    std::string doubt;                // what could change it

    const Candidate& best() const { return candidates.front(); }
};

/// None where nothing ran.
std::optional<Recommendation> recommend(const recording::Recording& recording);
Recommendation recommend(const Workload& workload);

/// What proves it or not: the first two against each other, so often each.
struct Proof {
    std::vector<std::string> models;
    int workers = 1;
    int repeat = 3;
};
Proof proofFor(const Recommendation& recommendation);

/// `scenario`: what `run` is to be given; empty: the work is no scenario.
std::string recommendationText(const Recommendation& recommendation, std::string_view scenario);
std::string recommendationJson(const Recommendation& recommendation, std::string_view scenario);

} // namespace interleave::recommendation
