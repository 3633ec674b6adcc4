// SPDX-License-Identifier: GPL-3.0-or-later
// One run from request to recording: expand, calibrate, open the session, start server and kernel
// reader, execute the model, collect. The command line calls it; the window starts a process that
// does.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"
#include "engine/scenario/scenario.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace interleave::run {

struct RunRequest {
    scenario::Scenario scenario;
    std::string model;
    std::optional<int> workers; // else the scenario's, else the number of cores
    std::vector<std::pair<std::string, std::string>> settings; // --set KEY=VALUE
    std::optional<std::uint64_t> seed;
    std::filesystem::path sessionFolder; // empty: a temporary one, removed afterwards
    bool recordsEvents = true;           // false: for measuring the recorder's own cost
    std::string programPath;             // this program, for spawned worker processes
    // Of models with a broker, see RunContext.
    std::string broker = "memory";
    std::string brokerControl{};
    std::vector<scenario::Fault> faults{}; // beside those of the scenario
};

/// Checks a request without running it: model, parameters, steps, workers.
Result<void> check(const RunRequest& request);

/// Runs. Stopping it is no error: the recording holds what was done until then.
Result<std::shared_ptr<const recording::Recording>> execute(const RunRequest& request,
                                                            std::stop_token stop);

} // namespace interleave::run
