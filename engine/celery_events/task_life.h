// SPDX-License-Identifier: GPL-3.0-or-later
// TaskLife: what is known of a task that has not ended.
#pragma once

#include "engine/base/state.h"
#include "engine/celery_events/cluster_node.h"
#include "engine/celery_events/message_lives.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace interleave::celery_events {

/// A worker may have got the next try before the one that executes this one tells that it failed.
struct NextTry {
    ClusterNode* worker = nullptr;
    Nanoseconds dueNs = 0; // when it may begin
};

struct TaskLife {
    std::uint32_t number = 0; // in the session
    const std::string* name = nullptr;
    std::optional<State> state{}; // none: nothing is known of it now
    Nanoseconds changedNs = 0;    // when it came into its state; the next one begins later
    Nanoseconds firstNs = 0;      // the first that is known of it
    bool isSentKnown = false;
    bool isUnsent = false; // a worker has it, and nobody had told when it was sent
    std::uint32_t retries = 0;
    ClusterNode* worker = nullptr; // the one that has it

    // Where it runs, while it does.
    std::optional<std::size_t> slot{};
    StreamNumber stream = 0;
    Nanoseconds runnableNs = 0; // it can't have begun before

    std::optional<Nanoseconds> dueNs{}; // its worker has it, but must not start it before
    std::optional<NextTry> next{};
    TaskMessage message{};
    TaskMessage nextMessage{}; // of the next try
};

} // namespace interleave::celery_events
