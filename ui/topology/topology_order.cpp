// SPDX-License-Identifier: GPL-3.0-or-later
// The order within the columns.
#include "ui/topology/topology_layout.h"

#include <algorithm>

namespace interleave::ui {

using analysis::EdgeKind;
using analysis::Topology;
using analysis::TopologyEdge;

namespace {

constexpr int kSweeps = 6;
constexpr std::size_t kMostCountedEdges = 400;

std::vector<std::size_t> placesOf(const Topology& topology, const ColumnOrder& order) {
    std::vector<std::size_t> places(topology.nodes.size());
    for (const auto& column : order) {
        for (std::size_t i = 0; i < column.size(); ++i) {
            places[column[i]] = i;
        }
    }
    return places;
}

/// Sorts a column by where its neighbours in the other one stand.
void sortByNeighbours(const Topology& topology, ColumnOrder& order, std::size_t column,
                      std::size_t other) {
    struct Mean {
        double sum = 0;
        double count = 0;
    };
    std::vector<Mean> means(topology.nodes.size());
    for (std::size_t i = 0; i < order[other].size(); ++i) {
        const double place =
            (static_cast<double>(i) + 0.5) / static_cast<double>(order[other].size());
        means[order[other][i]].sum = place;
    }
    std::vector<Mean> wanted(topology.nodes.size());
    for (const TopologyEdge& edge : topology.edges) {
        if (edge.kind == EdgeKind::DeadLetter) {
            continue;
        }
        for (const auto& [self, neighbour] :
             {std::pair(edge.from, edge.to), std::pair(edge.to, edge.from)}) {
            const auto kind = static_cast<std::size_t>(topology.nodes[self].kind);
            const auto otherKind = static_cast<std::size_t>(topology.nodes[neighbour].kind);
            if (kind == column && otherKind == other) {
                wanted[self].sum += means[neighbour].sum;
                wanted[self].count += 1;
            }
        }
    }
    const auto places = placesOf(topology, order);
    const auto height = static_cast<double>(order[column].size());
    std::ranges::stable_sort(order[column], {}, [&](std::uint32_t node) {
        const Mean& mean = wanted[node];
        return mean.count > 0 ? mean.sum / mean.count
                              : (static_cast<double>(places[node]) + 0.5) / height;
    });
}

} // namespace

std::size_t crossingCount(const Topology& topology, const ColumnOrder& order) {
    const auto places = placesOf(topology, order);
    std::size_t crossings = 0;
    for (std::size_t i = 0; i < topology.edges.size(); ++i) {
        const TopologyEdge& a = topology.edges[i];
        for (std::size_t j = i + 1; j < topology.edges.size(); ++j) {
            const TopologyEdge& b = topology.edges[j];
            if (a.kind == b.kind && a.kind != EdgeKind::DeadLetter &&
                ((places[a.from] < places[b.from] && places[a.to] > places[b.to]) ||
                 (places[a.from] > places[b.from] && places[a.to] < places[b.to]))) {
                ++crossings;
            }
        }
    }
    return crossings;
}

ColumnOrder orderedColumns(const Topology& topology) {
    ColumnOrder order;
    for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
        order[static_cast<std::size_t>(topology.nodes[i].kind)].push_back(i);
    }
    // To count crossings is dear; where there are very many edges they cross anyway.
    const bool isCounted = topology.edges.size() <= kMostCountedEdges;
    std::size_t crossings = isCounted ? crossingCount(topology, order) : 0;
    const auto improve = [&](std::size_t column, std::size_t other) {
        ColumnOrder sorted = order;
        sortByNeighbours(topology, sorted, column, other);
        const std::size_t left = isCounted ? crossingCount(topology, sorted) : 0;
        if (!isCounted || left < crossings) {
            order = std::move(sorted);
            crossings = left;
        }
    };
    for (int sweep = 0; sweep < kSweeps && (!isCounted || crossings > 0); ++sweep) {
        for (std::size_t column = 1; column < order.size(); ++column) {
            improve(column, column - 1);
        }
        for (std::size_t column = order.size() - 1; column > 0; --column) {
            improve(column - 1, column);
        }
    }
    return order;
}

} // namespace interleave::ui
