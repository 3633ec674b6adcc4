// SPDX-License-Identifier: GPL-3.0-or-later
// The topology in words: for tool tips and screen readers.
#pragma once

#include "ui/topology/topology_model.h"

#include <QString>

namespace interleave::ui {

/// "Queue bills: 3 ready, 1 delivered and not acknowledged, limit 8", and what else is known of it
/// at that moment, a line each.
QString nodeText(const TopologyModel& model, std::uint32_t node, Nanoseconds when);
/// "Message 20 ...": what happened to it up to that moment, a line each.
QString messageText(const TopologyModel& model, std::uint32_t message, Nanoseconds when);
/// The binding keys of an edge, all of them.
QString keysText(const TopologyModel& model, std::uint32_t edge);

} // namespace interleave::ui
