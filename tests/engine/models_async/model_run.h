// SPDX-License-Identifier: GPL-3.0-or-later
// For tests of models: runs a scenario given as text in a real session, and hands back what was
// recorded, task by task.
#pragma once

#include "engine/models/model.h"
#include "engine/record/event.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::models {

struct RecordedEvent {
    Nanoseconds ns = 0; // after the session's origin
    record::EventKind kind = record::EventKind::None;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    std::string stream;
    std::uint32_t pid = 0;
    std::uint32_t streamId = 0; // within its process: names may be equal
    bool isControl = false;     // of a thread that executes no task
};

/// A stretch of one state of a task.
struct Stretch {
    TaskId task;
    State state = State::Running;
    TimeRange range;
    record::StateDetail detail;
    std::string stream;
    std::uint32_t pid = 0;
};

struct RunSettings {
    int workers = 2;
    Parameters parameters{};
    std::optional<std::chrono::milliseconds> stopAfter{};
    std::string programPath{};
    std::string broker{"memory"};
    std::string brokerControl{};
    std::vector<scenario::Fault> faults{}; // beside those of the scenario
};

struct ModelRun {
    scenario::Program program;
    Result<RunOutcome> outcome = RunOutcome{};
    std::vector<RecordedEvent> events;    // by time
    std::vector<std::string> diagnostics; // lines
    Nanoseconds stopTookNs = 0;           // from the request to stop to the return of run()

    TaskId task(std::string_view name) const;
    /// The states of a task in order, end marks included (as empty ranges).
    std::vector<Stretch> stretches(TaskId task) const;
    std::vector<Stretch> stretches(TaskId task, State state) const;
    Nanoseconds total(TaskId task, State state) const;
    State endOf(TaskId task) const;
    std::size_t countEnds(State end) const;
    std::size_t count(record::EventKind kind) const;
    /// The line of diagnostics.jsonl of that kind; empty: there is none.
    std::string diagnostic(std::string_view kind) const;
    /// Every transition that state.h does not allow, as text.
    std::vector<std::string> illegalTransitions() const;
};

scenario::Program programOf(const std::string& text);
ModelRun runModel(const Model& model, const std::string& text, RunSettings settings = {});
/// The same with a stop in the middle: of up to three runs the one that stopped soonest, because a
/// machine that does something else may keep any one of them waiting. Ends as soon as one took
/// less than `goal`.
ModelRun runAndStop(const Model& model, const std::string& text, const RunSettings& settings,
                    std::chrono::milliseconds goal);
/// Defaults of a model's parameters.
Parameters defaultsOf(const Model& model);

} // namespace interleave::models
