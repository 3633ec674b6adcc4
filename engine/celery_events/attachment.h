// SPDX-License-Identifier: GPL-3.0-or-later
// An attachment to a running Celery cluster, from the broker's URL to the recording. The cluster
// notices nothing of it but an exclusive queue of events and now and then a request for heartbeats.
#pragma once

#include "engine/base/result.h"
#include "engine/broker/broker.h"
#include "engine/recording/recording.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace interleave::celery_events {

struct AttachRequest {
    recording::RunInfo facts{};            // of the machine and the moment
    std::filesystem::path sessionFolder{}; // where the events go
    std::optional<std::chrono::nanoseconds> duration{};
    std::optional<std::uint64_t> limitBytes{};                   // the most that events may take
    std::chrono::nanoseconds patience = std::chrono::seconds(3); // until silence is looked into
    bool enablesEvents = false; // asks the workers to send task events
    /// Gets sentences that matter while it goes on, as they come up.
    std::function<void(const std::string&)> tell{};
};

/// Follows the cluster until it is stopped or the time is up; its recording. An error means that
/// nothing was recorded: the broker refused, or no session could be made.
Result<std::shared_ptr<const recording::Recording>>
attach(broker::Broker& broker, const AttachRequest& request, std::stop_token stop);

} // namespace interleave::celery_events
