// SPDX-License-Identifier: GPL-3.0-or-later
// CycleSearch: a cycle among the tasks of a scenario, and the place in the file that closes it.
#pragma once

#include "engine/scenario/problems.h"
#include "engine/scenario/scenario.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace interleave::scenario {

/// "to begin, `from` needs `to`", and where the file says so.
struct Edge {
    std::size_t to;
    Position at;
};
using Graph = std::vector<std::vector<Edge>>;

/// Finds a cycle by depth-first search; recursion is bounded by the number of templates.
class CycleSearch {
public:
    explicit CycleSearch(const Graph& graph)
        : m_graph(graph)
        , m_colors(graph.size(), Color::White) {}

    /// The nodes of a cycle in order, empty if there is none; closing() is its last edge.
    std::vector<std::size_t> run() {
        for (std::size_t node = 0; node < m_graph.size(); ++node) {
            if (m_colors[node] == Color::White && visit(node)) {
                return m_path;
            }
        }
        return {};
    }
    const Edge& closing() const { return m_closing; }

private:
    enum class Color : std::uint8_t { White, OnPath, Finished };

    bool visit(std::size_t node) {
        m_colors[node] = Color::OnPath;
        m_path.push_back(node);
        for (const Edge& edge : m_graph[node]) {
            if (m_colors[edge.to] == Color::OnPath) {
                m_path.erase(m_path.begin(), std::find(m_path.begin(), m_path.end(), edge.to));
                m_closing = edge;
                return true;
            }
            if (m_colors[edge.to] == Color::White && visit(edge.to)) {
                return true;
            }
        }
        m_path.pop_back();
        m_colors[node] = Color::Finished;
        return false;
    }

    const Graph& m_graph;
    std::vector<Color> m_colors;
    std::vector<std::size_t> m_path;
    Edge m_closing{};
};

/// "a" spawns "b" spawns "a": the way round.
std::string wayRound(const Scenario& scenario, const std::vector<std::size_t>& cycle,
                     std::string_view arrow);

inline Position positionOf(const Step& step) {
    return {step.line, step.column};
}

} // namespace interleave::scenario
