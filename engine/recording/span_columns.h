// SPDX-License-Identifier: GPL-3.0-or-later
// The spans of one track, in columns: 40 bytes a span, and a scan of one column touches nothing
// else.
#pragma once

#include "engine/base/id.h"
#include "engine/base/state.h"
#include "engine/base/time.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace interleave::recording {

/// One row of a track, assembled from its columns.
struct Span {
    TimeRange range{};
    State state = State::Running;
    TaskId task{};     // task tracks: the track's own; lock tracks: the holder; none where unknown
    WorkerId worker{}; // where it happened; none for a task nobody has
    std::int16_t core = -1; // -1: unknown or not on a core
    StringId name{};        // what was being done: a step's name
    StringId cause{}; // what is waited for and who has it: "stove held by dish 3"; how a lock came
    std::uint16_t depth = 0;  // nesting; 0 on flat tracks
    bool isPreempted = false; // a Ready span that began because the kernel took the core away;
                              // on a worker's Running span: it ended so. On lock tracks: unused.
};

/// Spans of a track in parallel vectors, sorted by (begin, depth).
struct SpanColumns {
    std::vector<Nanoseconds> begin;
    std::vector<Nanoseconds> duration;
    std::vector<TaskId> task;
    std::vector<WorkerId> worker;
    std::vector<StringId> name;
    std::vector<StringId> cause;
    std::vector<std::int16_t> core;
    std::vector<std::uint16_t> depth;
    std::vector<State> state;
    std::vector<bool> isPreempted;

    /// Where spans overlap: the latest end among the spans up to each one. Empty on flat tracks.
    /// Made by sort().
    std::vector<Nanoseconds> latestEnd;

    std::size_t size() const { return begin.size(); }
    Span at(std::size_t index) const;
    TimeRange rangeAt(std::size_t index) const {
        return {begin[index], begin[index] + duration[index]};
    }
    void push(const Span& span);
    void reserve(std::size_t count);
    /// Indices [first, last) of the spans that may overlap the range; exact on tracks whose spans
    /// don't nest or overlap, a superset elsewhere.
    std::pair<std::size_t, std::size_t> indicesIn(TimeRange range) const;
    /// To be called after the columns were filled; keeps the order of spans that begin together.
    void sort();
};

} // namespace interleave::recording
