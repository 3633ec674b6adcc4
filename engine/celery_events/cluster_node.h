// SPDX-License-Identifier: GPL-3.0-or-later
// ClusterNode: a worker of the cluster, or a client that sends tasks, as far as its events tell.
#pragma once

#include "engine/base/host_clock.h"
#include "engine/celery_events/cluster_session.h"
#include "engine/celery_events/pool_slots.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace interleave::celery_events {

struct ClusterNode {
    std::string name{};
    std::uint32_t pid = 0;
    bool isWorker = false;
    HostClock clock{};
    Nanoseconds heardNs = 0; // the last time, ours

    // While it is there.
    StreamNumber main = 0; // 0: it is not
    Nanoseconds openedNs = 0;
    PoolSlots places{};
    std::vector<StreamNumber> slotStreams{};
    std::set<std::uint32_t> queues{}; // from which it has got messages

    std::optional<Nanoseconds> everyNs{};          // between its heartbeats
    std::optional<Nanoseconds> answeredNs{};       // the question that it answered last
    std::optional<std::uint32_t> firstProcessed{}; // as its first heartbeat said
    std::uint32_t processedUnseen = 0;             // since then, without a word of any
    std::uint64_t taskEvents = 0;                  // that only a worker sends
    bool isSilenceTold = false;                    // that it sends none
    std::uint32_t activeCounter = 0, processedCounter = 0, loadCounter = 0;
};

} // namespace interleave::celery_events
