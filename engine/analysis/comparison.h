// SPDX-License-Identifier: GPL-3.0-or-later
// Several runs side by side: one row each, the same totals for all.
#pragma once

#include "engine/analysis/aligned_table.h"
#include "engine/analysis/finish_lines.h"
#include "engine/analysis/model_facts.h"
#include "engine/analysis/spread.h"
#include "engine/analysis/statistics.h"
#include "engine/analysis/waterfall.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace interleave::analysis {

struct ComparisonRow {
    std::string label; // the model; with what else differs, if two rows have the same
    recording::RunInfo info;
    Statistics statistics;
    std::optional<double> speedUp; // makespan of the reference / makespan of this
    /// Speed-up / processors it could use: its threads, or all. Absent where the reference had more
    /// than one worker, or waited for I/O and timers: waits that overlap take no processor.
    std::optional<double> efficiency;
    ModelFacts facts;
    std::optional<Waterfall> waterfall;
    std::size_t group = 0;   // index in Comparison::groups
    double runningShare = 0; // of the tasks' time
    double waitingShare = 0; // for the GIL, a lock, I/O, a full queue, another task, a core
};

/// Runs of the same work under the same model and parameters: where they differ, no one of them is
/// the truth.
struct RunGroup {
    std::vector<std::size_t> rows;
};

struct Comparison {
    std::size_t reference = 0; // the row that the others are compared with
    std::vector<ComparisonRow> rows;
    std::vector<RunGroup> groups;     // in the order of their first rows
    std::optional<FinishLines> lines; // from the reference's run
};

/// Over the runs of a group, of those that know it. value(row) is an optional double.
template <class Value>
std::optional<Spread> spreadIn(const Comparison& comparison, const RunGroup& group, Value&& value) {
    std::vector<double> values;
    for (const std::size_t row : group.rows) {
        if (const std::optional<double> known = value(comparison.rows[row])) {
            values.push_back(*known);
        }
    }
    return spreadOf(std::move(values));
}

/// Sets the rows' group, too.
std::vector<RunGroup> runGroups(std::vector<ComparisonRow>& rows);

/// Without a reference (an index): the run under `sequential`, else the first. Speed-ups are
/// against the median of its group.
Comparison compare(std::span<const std::shared_ptr<const recording::Recording>> recordings,
                   std::optional<std::size_t> reference = {});

/// "threads", "threads (3 runs)"; with what else differs, if two groups have the same model.
std::string nameOf(const Comparison& comparison, const RunGroup& group);

/// Several runs in words: the median, and where they differ from where to where.
struct SpreadText {
    std::string value;
    std::string range; // "306 ms to 370 ms"; empty where they agree
};
SpreadText spreadText(const Spread& spread, const std::function<std::string(double)>& format);

/// A table for the terminal, columns aligned; unknown values are "-". A line for each group: of
/// several runs the median, and from where to where.
std::string comparisonTable(const Comparison& comparison);
/// A line, or nothing where they are not known.
std::string finishLinesText(const Comparison& comparison);
/// Who decides the switch, processors, processes, threads, memory, overhead per task: measured. A
/// line for each group below the headings.
TableLines factsLines(const Comparison& comparison);
std::string factsTable(const Comparison& comparison);
/// Where the time of each run went; the lines add up to the makespan.
std::string waterfallTable(const Comparison& comparison);

/// An array of objects with the keys of `stats --json` plus label, speed_up, efficiency, facts
/// and waterfall; of several runs of a group how far they lie apart, and in the reference's the
/// finish lines.
std::string comparisonJson(const Comparison& comparison);

} // namespace interleave::analysis
