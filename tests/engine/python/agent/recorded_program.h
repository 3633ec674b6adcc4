// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a real program with the agent and reads what it wrote: raw events, no collector between. The
// test is the session's runner.
#pragma once

#include "tests/engine/record/session_sketch.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::agent {

using record::Event;
using record::EventKind;
using record::ReadStream;

struct ProgramRequest {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment; // beside the test's own
    std::string library;                            // empty: the agent for Python
    std::filesystem::path folder;                   // of the session; empty: a temporary one
    record::SessionOptions session = record::smallSession();
    bool isRecorded = true; // false: the same without the agent
    std::string standardInput;
    std::function<void(pid_t, record::SessionWriter&)> whileItRuns; // after its start
};

/// One process of a recorded program, or one of its generations (after exec).
struct RecordedProcess {
    std::uint32_t segment = 0;
    std::uint32_t pid = 0;
    std::string name; // as the kernel has it
    record::WriterKind writer = record::WriterKind::Program;
    std::uint64_t droppedEvents = 0;
    std::vector<ReadStream> streams;

    const ReadStream* streamOf(std::uint32_t tid) const;
    /// The texts of all events of a kind, parts divided by '|'.
    std::vector<std::string> texts(EventKind kind) const;
    bool hasText(EventKind kind, std::string_view part) const;
    std::size_t count(EventKind kind) const;
};

struct RecordedProgram {
    int status = 0; // as waitpid gives it
    std::string output;
    std::string errors;
    std::vector<RecordedProcess> processes; // without the runner
    std::vector<std::string> problems;      // what the reader complained of
    std::optional<record::SessionReader> reader;

    int exitCode() const { return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status); }
    /// The moment of a stamp on CLOCK_MONOTONIC, which is Python's time.monotonic_ns().
    std::int64_t monotonicNs(const ReadStream& stream, std::uint64_t stamp) const;
    const RecordedProcess* process(std::uint32_t pid) const;
};

RecordedProgram runRecorded(const ProgramRequest& request);

/// "text" of an event and the Text events behind it.
std::string textAt(const std::vector<Event>& events, std::size_t index);

/// Interpreters of this machine: the system's, and pyenv's by "3.12" (empty: absent).
std::string systemPython();
std::string pyenvPython(const std::string& version);

} // namespace interleave::agent
