// SPDX-License-Identifier: GPL-3.0-or-later
// What has no duration: names of processes and threads, counters (those of the recording, and how
// many tasks run, how full queues are, how many workers are on a core), marks, kernel switches.
// Each function appends ",\n{...}" for each event.
#pragma once

#include "engine/chrome_trace/export_head.h"
#include "engine/chrome_trace/export_spans.h"
#include "engine/chrome_trace/export_text.h"

namespace interleave::chrome_trace {

void writeNames(const recording::Recording& recording, const ExportLayout& layout, TextBuffer& to);

void writeCounter(const recording::Counter& counter, const CounterPlace& place, TextBuffer& to);

/// Counters that follow from spans; they are not read back.
struct DerivedCounter {
    enum class Kind : std::uint8_t { RunningTasks, ReadyTasks, WorkersOnCores, QueueDepth };
    Kind kind = Kind::RunningTasks;
    TrackId queue{};
};
std::vector<DerivedCounter> derivedCounters(const recording::Recording& recording);
void writeDerived(const recording::Recording& recording, const ExportLayout& layout,
                  const DerivedCounter& counter, TextBuffer& to);

/// Marks and switches [first, last).
void writeMarks(const recording::Recording& recording, const ExportLayout& layout,
                const ExportTexts& texts, std::size_t first, std::size_t last, TextBuffer& to);
void writeMessages(const recording::Recording& recording, const ExportLayout& layout,
                   std::size_t first, std::size_t last, TextBuffer& to);
void writeSwitches(const recording::Recording& recording, const ExportLayout& layout,
                   std::size_t first, std::size_t last, TextBuffer& to);

} // namespace interleave::chrome_trace
