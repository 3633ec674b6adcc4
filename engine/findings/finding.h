// SPDX-License-Identifier: GPL-3.0-or-later
// Finding: a sentence that a rule makes of a recording, with the number behind it, the spans that
// prove it, why it is so, what helps, and, where a parameter is the cure, which.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interleave::findings {

enum class Severity : std::uint8_t { Info, Warning, Problem };
std::string_view nameOf(Severity severity); // "info", "warning", "problem"

/// A part of a track that proves it: what one click selects.
struct Proof {
    TrackId track;
    TimeRange range;
    friend bool operator==(const Proof&, const Proof&) = default;
};

/// What to change in a run of the same scenario. The keys "model" and "workers" are the options of
/// that name, any other is one of --set.
using Cure = std::vector<std::pair<std::string, std::string>>;

struct Finding {
    std::string kind; // "gil-serialised"
    Severity severity = Severity::Info;
    std::string message; // what was measured, with number and unit
    std::string cause;
    std::string cure;
    double value = 0; // the number of the message
    std::string unit; // "ms", "share", "count", "ratio", "MB"
    std::vector<Proof> evidence;
    Cure tryIt;
};

/// Evidence is to be looked at: so many spans, those that say most.
inline constexpr std::size_t kMostProofs = 50;

} // namespace interleave::findings
