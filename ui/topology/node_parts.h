// SPDX-License-Identifier: GPL-3.0-or-later
// Where what stands inside a node of the topology: one place for what never changes and for what
// the moment brings.
#pragma once

#include "ui/topology/topology_layout.h"

namespace interleave::ui {

struct NodeParts {
    QRectF title;
    QRectF counts;
    QRectF bar;   // queues: how full; empty elsewhere
    QRectF dots;  // one for each message; empty where there is no room
    QRectF fates; // empty where there is no room
};

NodeParts partsOf(analysis::NodeKind kind, const QRectF& node, Density density);

inline constexpr double kDotPitchPx = 12;

} // namespace interleave::ui
