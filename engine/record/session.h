// SPDX-License-Identifier: GPL-3.0-or-later
// A session is a folder: one segment file per process (<pid>.seg), the manifest (names of tasks,
// steps and objects, parameters of the run) and the diagnostics. It is written by the runner and
// its worker processes, tailed by the collector, and survives the death of any of them.
#pragma once

#include "engine/base/result.h"
#include "engine/record/segment_format.h"
#include "engine/record/writer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace interleave::record {

/// Files of a session folder beside the segments (*.seg).
inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kDiagnosticsFile = "diagnostics.jsonl";

struct SessionOptions {
    /// Space for events that is made ready beforehand in this process' segment.
    std::size_t populatedBytes = std::size_t{8} << 20;
    /// The most a segment may grow to; beyond it events are dropped and counted.
    std::size_t maximumBytes = std::size_t{4} << 30;
    bool isEnabled = true; // false: writers record nothing
    /// What the agents in all recorded processes together may take.
    std::int64_t agentBudgetBytes = std::int64_t{4} << 30;
    /// Whose numbers the events of this process have; of the process that makes the session.
    WriterKind writer = WriterKind::Program;
};

/// In a forked child an inherited SessionWriter does nothing to the parent's segment; the child
/// calls join() and makes its own.
class SessionWriter {
public:
    /// Makes the folder (owner-only) and this process' segment. The parent folder must exist; the
    /// folder may, if it holds no session yet.
    static Result<SessionWriter> create(const std::filesystem::path& folder,
                                        const SessionOptions& options = {});
    /// Joins an existing session from another process (after fork or in a spawned child); reads
    /// origin and options from the folder.
    static Result<SessionWriter> join(const std::filesystem::path& folder,
                                      std::size_t populatedBytes = std::size_t{1} << 20);

    SessionWriter(SessionWriter&&) noexcept;
    SessionWriter& operator=(SessionWriter&&) noexcept;
    ~SessionWriter();

    /// Opens a stream for the calling thread and emits ThreadStarted with its tid; for the roles
    /// Worker and Control ThreadCpuTime too, because a thread may have used time before. Any
    /// thread. The writer may outlive the session.
    Writer openStream(const StreamInfo& info);

    /// Writes the manifest (JSON text, made by the caller) atomically.
    Result<void> writeManifest(const std::string& json);
    /// Appends one line {"kind","severity","count","message"} to diagnostics.jsonl. Any thread.
    void diagnose(const std::string& kind, const std::string& severity, std::uint64_t count,
                  const std::string& message);
    /// Writes the closing clock anchor and marks the session as finished.
    void finish();

    const std::filesystem::path& folder() const;
    const Clock& clock() const;
    std::size_t populatedBytes() const;
    /// For the observer, which fills memory ahead of the writers.
    std::shared_ptr<Segment> segment() const;

private:
    struct State;
    explicit SessionWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace interleave::record
