// SPDX-License-Identifier: GPL-3.0-or-later
// What the topology view shows of a recording, taken from engine/analysis once per recording.
#pragma once

#include "engine/analysis/message_flow.h"
#include "engine/analysis/step_function.h"

#include <QString>

#include <memory>
#include <vector>

namespace interleave::ui {

struct TopologyModel {
    std::shared_ptr<const recording::Recording> recording;
    analysis::MessageFlow flow;
    analysis::StepFunction ready; // over all queues
    analysis::StepFunction held;
    std::vector<bool> hasFates; // by node: something befell messages there
    std::size_t deepest = 1;    // the most in one queue, ready and held

    const analysis::Topology& topology() const { return flow.topology(); }
    bool isEmpty() const { return flow.topology().isEmpty(); }
    /// When most messages lay in queues or with consumers.
    Nanoseconds busiestNs() const;
};

TopologyModel topologyModelOf(std::shared_ptr<const recording::Recording> recording);

/// What people call a node: "default exchange", "worker 1".
QString titleOf(const analysis::TopologyNode& node);

/// How far back a move is still shown: a fixed share of what is visible.
Nanoseconds travelNs(TimeRange visible);

} // namespace interleave::ui
