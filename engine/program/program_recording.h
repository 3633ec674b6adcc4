// SPDX-License-Identifier: GPL-3.0-or-later
// One recorded program, from its command line to its recording. What the program is told and how
// it ends is as without us; it goes on where the recording ends before it.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace interleave::program {

struct ProgramRequest {
    std::vector<std::string> command;
    std::filesystem::path interleave;      // this program, beside which the agent lies
    std::filesystem::path sessionFolder{}; // empty: a temporary one, removed afterwards
    std::optional<std::chrono::nanoseconds> duration{}; // then the recording ends
    std::optional<std::uint64_t> limitBytes{};          // the most that events may take
    bool recordsGil = true;
    bool seesLocks = false; // of C programs, where this is not clear from the command
};

using Recorded = std::function<void(Result<std::shared_ptr<const recording::Recording>>)>;

/// Starts the program and waits for its end. `recorded` is called once, as soon as the recording
/// is complete, which may be before the program ends. Returns the program's wait status; an error
/// means that it was not started.
Result<int> recordProgram(const ProgramRequest& request, const Recorded& recorded);

} // namespace interleave::program
