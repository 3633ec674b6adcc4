// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything of a recording goes in a trace: which process and thread a track becomes, and
// which of its lanes nest within each other, so that they can share a row. README.md has the table.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <string>
#include <vector>

namespace interleave::chrome_trace {

/// Processes that don't exist but group rows.
struct PseudoProcesses {
    std::uint32_t tasks = 0;
    std::uint32_t locks = 0;
    std::uint32_t queues = 0;
    std::uint32_t cores = 0;
    std::uint32_t workers = 0; // of workers whose process is not known
};

struct ThreadPlace {
    std::uint32_t pid = 0;
    std::uint32_t tid = 0;
};

/// Lanes of a track, each of which lies within the one before: what one row of a trace can hold.
struct LaneGroup {
    const recording::Track* track = nullptr;
    std::size_t firstLane = 0;
    std::size_t laneCount = 0;
    bool isAsync = false;
    ThreadPlace place{};
    std::string id{};    // of async events: "t3", "q2.1"
    std::string title{}; // of the row
};

struct NamedThread {
    ThreadPlace place{};
    std::string name{};
};

struct ExportLayout {
    PseudoProcesses pseudo;
    std::vector<ThreadPlace> workers; // index = WorkerId.value - 1; no two are equal, none is 0
    std::vector<LaneGroup> groups;
    std::vector<std::size_t> firstGroupOfTrack; // index = TrackId.value - 1, and one more
    std::vector<NamedThread> threads;           // in the order in which they are to be seen
    ThreadPlace elsewhere; // for ends of links that happened on no known worker
};

ExportLayout layOut(const recording::Recording& recording);

/// Whether every span of the lane lies within a span of the lane above it.
bool isNested(const recording::SpanColumns& spans, const recording::SpanLane& above,
              const recording::SpanLane& lane);

} // namespace interleave::chrome_trace
