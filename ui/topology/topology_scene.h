// SPDX-License-Identifier: GPL-3.0-or-later
// Draws a placed topology: what stays the same, and what a moment puts into it. Pure.
#pragma once

#include "ui/chart/scene.h"
#include "ui/topology/topology_layout.h"
#include "ui/topology/topology_model.h"

#include <optional>
#include <vector>

namespace interleave::ui {

/// Frames, names, keys and edges.
chart::Scene backdropOf(const TopologyModel& model, const TopologyLayout& layout);

struct MomentInputs {
    Nanoseconds when = 0;
    Nanoseconds travel = 1;
    QRectF clip;                       // what is in sight; nothing else is drawn
    std::uint32_t selectedMessage = 0; // 0: none
};

struct PlacedMessage {
    QRectF rect;
    std::uint32_t message = 0; // the first one, where there are several
};

struct MomentPicture {
    chart::Scene scene;
    std::vector<PlacedMessage> messages; // later ones lie over earlier ones
};

/// Counts, bars and messages: in the queue from routed to delivered, with the consumer from
/// delivered to settled. What moved in the last `travel` is shown on its edge as well, hollow.
MomentPicture momentOf(const TopologyModel& model, const TopologyLayout& layout,
                       const MomentInputs& inputs);

/// "At 31.0 ms: 24 published = 3 ready + ...": every message is somewhere. One or two lines high.
void addAccounts(chart::Scene& scene, const QRectF& place, const TopologyModel& model,
                 Nanoseconds when);
inline constexpr double kAccountsPx = 40;

} // namespace interleave::ui
