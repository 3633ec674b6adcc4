// SPDX-License-Identifier: GPL-3.0-or-later
// QueueLayout: the queues of a run as the broker knows them. Their names carry a mark of the run,
// so that two runs on one broker, and what a killed one left, never meet.
#pragma once

#include "engine/broker/broker.h"
#include "engine/models/model.h"

#include <string>
#include <vector>

namespace interleave::models {

struct PlacedQueue {
    ObjectId id;
    broker::QueueSpec spec; // with its name on the broker
};

class QueueLayout {
public:
    /// `mark`: unique to the run.
    QueueLayout(const RunContext& context, const std::string& mark);

    const std::vector<PlacedQueue>& queues() const { return m_queues; } // results last
    const PlacedQueue& results() const { return m_queues.back(); }
    const std::string& nameOf(ObjectId queue) const;

private:
    std::vector<PlacedQueue> m_queues;
};

} // namespace interleave::models
