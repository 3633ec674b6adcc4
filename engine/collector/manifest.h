// SPDX-License-Identifier: GPL-3.0-or-later
// Manifest: the names behind the numbers of a session's events. Written by the runner before the
// first event, read by the collector, which adds what a recorded program names as it goes
// (agent_session.h). Ids are 1-based places in these lists.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/run_info.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::collector {

/// The models of recordings of programs: of one that runs no Python, as far as is known, and of
/// CPython.
inline constexpr const char* kProgramModel = "program";
inline constexpr const char* kPythonModel = "python";

struct ManifestTask {
    std::string name;
    std::string group;
};

struct ManifestObject {
    std::string name;
    std::string kind; // as in recording::ObjectInfo; of recorded programs "condition" and others
    std::uint32_t capacity = 0;
};

/// By which key messages get from an exchange into a message queue.
struct ManifestBinding {
    std::uint32_t exchange = 0; // ids of objects
    std::uint32_t queue = 0;
    std::string key;
    bool operator==(const ManifestBinding&) const = default;
};

/// What a counter counts, and how much of it is 1 in the events.
struct CounterUnit {
    std::string name = "tasks";
    double scale = 1;
};

struct Manifest {
    recording::RunInfo info;
    std::vector<ManifestTask> tasks;
    std::vector<ManifestObject> objects;
    std::vector<ManifestBinding> bindings;
    std::vector<std::string> steps;
    std::vector<std::string> counters;
    /// Of counters that were named as they turned up, by place; of the others absent: tasks. Not in
    /// the file.
    std::vector<CounterUnit> counterUnits;
    std::vector<std::string> marks; // texts of Marked events
};

std::string toJson(const Manifest& manifest);
/// An error says what of the text is not as it should be.
Result<Manifest> parseManifest(std::string_view json);

} // namespace interleave::collector
