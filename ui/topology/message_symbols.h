// SPDX-License-Identifier: GPL-3.0-or-later
// How messages look, by where they are and what became of them: a shape and an ink for each, the
// same in the picture, its legend and its counts.
#pragma once

#include "engine/recording/recording.h"
#include "ui/chart/scene.h"

#include <span>

namespace interleave::ui {

struct Symbol {
    chart::Shape shape = chart::Shape::Disc;
    chart::Ink ink{};
    QString word; // "ready", "acknowledged"
};

Symbol readySymbol();
Symbol heldSymbol();
/// Came back to a queue, or is delivered once more.
Symbol againSymbol();
/// On its way along an edge.
Symbol movingSymbol();
Symbol symbolOf(recording::MessageStep step);

/// What happens to messages beside being queued, delivered and acknowledged, in the order in which
/// it is told.
std::span<const recording::MessageStep> fateSteps();

struct Count {
    Symbol symbol;
    std::uint64_t value = 0;
    QString after{}; // " of 4"
};
/// Symbols with their numbers, and words as far as there is room, from left to right; of what does
/// not fit there is "…". Returns where it ended.
double addCounts(chart::Scene& scene, const QRectF& line, std::span<const Count> counts);

} // namespace interleave::ui
