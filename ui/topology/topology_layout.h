// SPDX-License-Identifier: GPL-3.0-or-later
// Places a topology: publishers, exchanges, binding keys, queues and consumers in columns from left
// to right, ordered so that few edges cross. Pure; knows neither time nor colours.
#pragma once

#include "engine/analysis/topology.h"

#include <QPolygonF>
#include <QRectF>
#include <QString>
#include <QStringList>

#include <array>
#include <vector>

namespace interleave::ui {

/// How much of each node there is room for.
enum class Density : std::uint8_t { Full, Dense };

struct LayoutInputs {
    double width = 1000;
    double leastHeight = 0; // what is lower stands in the middle of it
    /// By the kind of node.
    std::array<Density, 4> density{};
    /// By node: lines for what happens to messages there beside the ordinary.
    std::vector<bool> hasFates;
};

/// The keys by which an exchange reaches a queue, beside the queue.
struct PlacedKeys {
    QRectF rect;
    QStringList lines; // those that have room; the last one may say how many more there are
    std::uint32_t edge = 0;
};

struct TopologyLayout {
    QSizeF size;
    std::array<QRectF, 5> headings; // publishers, exchanges, keys, queues, consumers; empty: none
    std::vector<QRectF> nodes;      // as Topology::nodes
    std::vector<QPolygonF> edges;   // as Topology::edges, from the begin to the end
    std::vector<PlacedKeys> keys;
    std::array<Density, 4> density{};

    Density densityOf(analysis::NodeKind kind) const {
        return density[static_cast<std::size_t>(kind)];
    }
};

inline constexpr double kNarrowestTopologyPx = 840;

TopologyLayout layoutOf(const analysis::Topology& topology, const LayoutInputs& inputs);
/// As much of the nodes as a height has room for: a column that is too long gets short lines.
TopologyLayout fittingLayout(const analysis::Topology& topology, QSizeF size,
                             const std::vector<bool>& hasFates);

/// Nodes of the four kinds from top to bottom.
using ColumnOrder = std::array<std::vector<std::uint32_t>, 4>;
/// By barycentres: a node goes to the mean place of its neighbours, swept to and fro.
ColumnOrder orderedColumns(const analysis::Topology& topology);
std::size_t crossingCount(const analysis::Topology& topology, const ColumnOrder& order);

double lengthOf(const QPolygonF& line);
/// The point at a share (0..1) of a line's length.
QPointF pointAlong(const QPolygonF& line, double share);

} // namespace interleave::ui
