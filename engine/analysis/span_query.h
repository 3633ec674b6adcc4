// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader types to find spans, and what it means for one recording. Words are searched in
// the names of states, tasks, steps, locks and tracks and in the texts of causes; all of them must
// be found. "state:", "task:", "name:", "cause:" and "track:" look in one place only, quotes hold
// words together, and ">1ms" or "<20us" ask for a duration. Case does not matter.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <bitset>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::analysis {

struct SpanQuery {
    enum class Field : std::uint8_t { Any, State, Task, Name, Cause, Track };
    struct Word {
        Field field = Field::Any;
        std::string text; // folded
        friend bool operator==(const Word&, const Word&) = default;
    };

    std::vector<Word> words;
    Nanoseconds longerThanNs = -1;
    Nanoseconds shorterThanNs = std::numeric_limits<Nanoseconds>::max();

    bool asksForDuration() const {
        return longerThanNs >= 0 || shorterThanNs != std::numeric_limits<Nanoseconds>::max();
    }
    bool isEmpty() const { return words.empty() && !asksForDuration(); }
    friend bool operator==(const SpanQuery&, const SpanQuery&) = default;
};

/// Fails only where a duration can't be read.
Result<SpanQuery> spanQueryFrom(std::string_view text);

/// Lower case of the Latin, Greek and Cyrillic letters; everything else as it is.
std::string folded(std::string_view text);

/// A query prepared for a recording: every text is compared once, a span only by its ids.
class SpanMatcher {
public:
    SpanMatcher(const recording::Recording& recording, const SpanQuery& query);

    bool matches(const recording::Track& track, std::size_t index) const;
    /// False if no span of the track can match.
    bool mayMatch(const recording::Track& track) const;

private:
    /// Where a word was found, by id.
    struct Term {
        std::bitset<static_cast<std::size_t>(kStateCount)> states;
        std::vector<bool> tasks;  // index: TaskId.value
        std::vector<bool> names;  // index: StringId.value; empty if found in none
        std::vector<bool> causes; // likewise
        std::vector<bool> tracks; // index: TrackId.value - 1
    };

    static bool isIn(const std::vector<bool>& set, std::size_t value) {
        return value < set.size() && set[value];
    }
    bool matches(const Term& term, const recording::Track& track, std::size_t index) const;

    std::vector<Term> m_terms;
    Nanoseconds m_longerThanNs;
    Nanoseconds m_shorterThanNs;
    bool m_asksForDuration;
};

} // namespace interleave::analysis
