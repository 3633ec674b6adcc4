// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_layout.h"

#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <cmath>

namespace interleave::ui {

using analysis::EdgeKind;
using analysis::NodeKind;
using analysis::Topology;
using analysis::TopologyEdge;
using analysis::TopologyNode;

namespace {

constexpr double kMarginPx = 12;
constexpr double kLeastWayPx = 52;    // between columns
constexpr double kRightMarginPx = 36; // acknowledged messages leave there
constexpr double kHeadingPx = 24;
constexpr double kKeyLinePx = 15;
constexpr double kKeyGapPx = 5;
constexpr double kWidestKeysPx = 170;
constexpr int kMostKeyLines = 4;
constexpr double kFatesLinePx = 17;
constexpr double kWidestGapPx = 22;
constexpr double kNarrowestGapPx = 11; // what ends at a node is shown under it
constexpr double kDenseGapPx = 8;
constexpr int kCurvePoints = 20;
constexpr double kDeadLetterBulgePx = 26;

struct Column {
    double left = 0;
    double width = 0;
    double right() const { return left + width; }
};

double heightOf(const TopologyNode& node, bool hasFates, Density density) {
    if (density == Density::Dense) {
        return node.kind == NodeKind::Queue ? 34 : 26;
    }
    const double fates = hasFates ? kFatesLinePx : 0;
    switch (node.kind) {
    case NodeKind::Publisher:
        return 44;
    case NodeKind::Exchange:
        return 44 + fates;
    case NodeKind::Queue:
        return 76 + fates;
    case NodeKind::Consumer:
        break;
    }
    return 62 + fates;
}

void appendCurve(QPolygonF& line, QPointF from, QPointF to) {
    const double bend = std::max(18.0, (to.x() - from.x()) * 0.5);
    const QPointF first = from + QPointF(bend, 0);
    const QPointF second = to - QPointF(bend, 0);
    for (int i = 0; i <= kCurvePoints; ++i) {
        const double t = static_cast<double>(i) / kCurvePoints;
        const double u = 1 - t;
        line << from * (u * u * u) + first * (3 * u * u * t) + second * (3 * u * t * t) +
                    to * (t * t * t);
    }
}

class Placer {
public:
    Placer(const Topology& topology, const LayoutInputs& inputs)
        : m_topology(topology)
        , m_inputs(inputs)
        , m_order(orderedColumns(topology))
        , m_inEdges(topology.nodes.size())
        , m_outEdges(topology.nodes.size()) {
        m_layout.density = inputs.density;
        m_layout.nodes.resize(topology.nodes.size());
        m_layout.edges.resize(topology.edges.size());
        for (std::uint32_t i = 0; i < topology.edges.size(); ++i) {
            if (topology.edges[i].kind != EdgeKind::DeadLetter) {
                m_outEdges[topology.edges[i].from].push_back(i);
                m_inEdges[topology.edges[i].to].push_back(i);
            }
        }
    }

    TopologyLayout place() {
        placeColumns();
        placeNodes();
        sortPorts();
        placeKeys();
        for (std::uint32_t i = 0; i < m_topology.edges.size(); ++i) {
            m_layout.edges[i] = pathOf(i);
        }
        return std::move(m_layout);
    }

    /// That a column needs as it is.
    double leastHeight(std::size_t index) const {
        return columnPx(index, kNarrowestGapPx) + kHeadingPx + 2 * kMarginPx;
    }

private:
    Density densityOf(NodeKind kind) const {
        return m_inputs.density[static_cast<std::size_t>(kind)];
    }
    bool isDense(NodeKind kind) const { return densityOf(kind) == Density::Dense; }

    const std::vector<std::uint32_t>& column(NodeKind kind) const {
        return m_order[static_cast<std::size_t>(kind)];
    }

    /// What is written beside the queue for this edge; nothing where keys mean nothing.
    QStringList linesOf(std::uint32_t index) const {
        const TopologyEdge& edge = m_topology.edges[index];
        const std::string& type = m_topology.nodes[edge.from].type;
        QStringList lines;
        if (edge.kind == EdgeKind::Route && type != "default" && type != "fanout") {
            for (const std::string& key : edge.keys) {
                lines << (key.empty() ? QStringLiteral("“”") : QString::fromStdString(key));
            }
        }
        const int most = isDense(NodeKind::Queue) ? 1 : kMostKeyLines;
        if (lines.size() > most) {
            const auto more = static_cast<int>(lines.size()) - std::max(1, most - 1);
            lines = lines.mid(0, std::max(1, most - 1));
            const QString rest = tr("+ %1 more").arg(more);
            if (most == 1) {
                lines.first() += QStringLiteral("  ") + rest;
            } else {
                lines << rest;
            }
        }
        return lines;
    }

    double lanePx(std::uint32_t edge) const {
        const auto lines = static_cast<double>(std::max<qsizetype>(1, linesOf(edge).size()));
        return lines * kKeyLinePx + 4;
    }

    double lanesPx(std::uint32_t queue) const {
        double height = 0;
        for (const std::uint32_t edge : m_inEdges[queue]) {
            height += lanePx(edge) + (height > 0 ? kKeyGapPx : 0);
        }
        return height;
    }

    void placeColumns() {
        double keys = 0;
        for (std::uint32_t i = 0; i < m_topology.edges.size(); ++i) {
            for (const QString& line : linesOf(i)) {
                keys = std::max(keys, chart::widthOf(line, chart::Font::Small) + 12);
            }
        }
        m_keys.width = std::min(kWidestKeysPx, std::ceil(keys));
        const double width = std::max(m_inputs.width, kNarrowestTopologyPx);
        // Shares of what there is; the gaps get as much as they can.
        const double gaps = keys > 0 ? 4 : 3;
        const double room = width - kMarginPx - kRightMarginPx - m_keys.width - gaps * kLeastWayPx;
        const double nodes = std::min(room, 920.0);
        const double gap = kLeastWayPx + (room - nodes) / gaps;
        const std::array<double, 4> shares{0.20, 0.20, 0.34, 0.26};
        double left = kMarginPx;
        for (std::size_t i = 0; i < 4; ++i) {
            m_columns[i] = {std::round(left), std::floor(nodes * shares[i])};
            left = m_columns[i].right() + gap;
            if (i == 1 && m_keys.width > 0) {
                m_keys.left = std::round(left);
                left = m_keys.right() + gap * 0.6;
            }
        }
        m_layout.size.setWidth(width);
        for (std::size_t i = 0; i < 4; ++i) {
            m_layout.headings[i < 2 ? i : i + 1] = {m_columns[i].left, 4, m_columns[i].width,
                                                    kHeadingPx - 6};
        }
        if (m_keys.width > 0) {
            m_layout.headings[2] = {m_keys.left, 4, std::max(m_keys.width, 60.0), kHeadingPx - 6};
        }
    }

    double slotPx(std::uint32_t node) const {
        const bool hasFates = node < m_inputs.hasFates.size() && m_inputs.hasFates[node];
        const double height =
            heightOf(m_topology.nodes[node], hasFates, densityOf(m_topology.nodes[node].kind));
        return m_topology.nodes[node].kind == NodeKind::Queue ? std::max(height, lanesPx(node))
                                                              : height;
    }

    double columnPx(std::size_t index, double gap) const {
        double height = 0;
        for (const std::uint32_t node : m_order[index]) {
            height += slotPx(node) + (height > 0 ? gap : 0);
        }
        return height;
    }

    /// Nodes stand closer before anything is left out of them.
    double gapPx(std::size_t index) const {
        if (m_inputs.density[index] == Density::Dense) {
            return kDenseGapPx;
        }
        const double room = m_inputs.leastHeight - kHeadingPx - 2 * kMarginPx;
        const auto gaps = static_cast<double>(m_order[index].size()) - 1;
        return gaps > 0 ? std::clamp(std::floor((room - columnPx(index, 0)) / gaps),
                                     kNarrowestGapPx, kWidestGapPx)
                        : kWidestGapPx;
    }

    void placeNodes() {
        std::array<double, 4> heights{};
        for (std::size_t i = 0; i < 4; ++i) {
            heights[i] = columnPx(i, gapPx(i));
        }
        const double tallest = *std::ranges::max_element(heights);
        const double height = std::max(tallest + kHeadingPx + 2 * kMarginPx, m_inputs.leastHeight);
        const double middle = kHeadingPx + (height - kHeadingPx) / 2;
        m_layout.size.setHeight(height);
        for (std::size_t i = 0; i < 4; ++i) {
            // A short column beside a long one is spread, to keep the edges level.
            const auto count = static_cast<double>(m_order[i].size());
            const double spare = tallest - heights[i];
            const double spread = count > 1 ? std::min(spare / count, 90.0) : 0;
            double y = middle - (heights[i] + spread * (count - 1)) / 2;
            for (const std::uint32_t node : m_order[i]) {
                const bool hasFates = node < m_inputs.hasFates.size() && m_inputs.hasFates[node];
                const double own = heightOf(m_topology.nodes[node], hasFates,
                                            densityOf(m_topology.nodes[node].kind));
                const double slot = slotPx(node);
                m_layout.nodes[node] = {m_columns[i].left, std::round(y + (slot - own) / 2),
                                        m_columns[i].width, own};
                y += slot + gapPx(i) + spread;
            }
        }
    }

    /// Edges leave and enter a node in the order of their other ends.
    void sortPorts() {
        for (auto& edges : m_outEdges) {
            std::ranges::stable_sort(edges, {}, [&](std::uint32_t i) {
                return m_layout.nodes[m_topology.edges[i].to].center().y();
            });
        }
        for (auto& edges : m_inEdges) {
            std::ranges::stable_sort(edges, {}, [&](std::uint32_t i) {
                return m_layout.nodes[m_topology.edges[i].from].center().y();
            });
        }
    }

    void placeKeys() {
        m_laneOf.assign(m_topology.edges.size(), 0);
        for (const std::uint32_t queue : column(NodeKind::Queue)) {
            double y = m_layout.nodes[queue].center().y() - lanesPx(queue) / 2;
            for (const std::uint32_t edge : m_inEdges[queue]) {
                const double height = lanePx(edge);
                m_laneOf[edge] = y + height / 2;
                if (const QStringList lines = linesOf(edge); !lines.isEmpty()) {
                    const QRectF rect(m_keys.left, std::round(y), m_keys.width, height);
                    m_layout.keys.push_back({rect, lines, edge});
                }
                y += height + kKeyGapPx;
            }
        }
    }

    /// Where the edge touches the side of a node.
    double portY(const std::vector<std::uint32_t>& edges, std::uint32_t edge,
                 std::uint32_t node) const {
        const auto place = static_cast<double>(std::ranges::find(edges, edge) - edges.begin());
        const auto count = static_cast<double>(edges.size());
        const QRectF& rect = m_layout.nodes[node];
        const double span = std::min(rect.height() - 12, 14 * (count - 1));
        return rect.center().y() + (count > 1 ? span * (place / (count - 1) - 0.5) : 0);
    }

    QPolygonF pathOf(std::uint32_t index) {
        const TopologyEdge& edge = m_topology.edges[index];
        const QRectF& from = m_layout.nodes[edge.from];
        const QRectF& to = m_layout.nodes[edge.to];
        QPolygonF line;
        if (edge.kind == EdgeKind::DeadLetter) {
            const double x = from.right();
            const double bulge = kDeadLetterBulgePx + 9 * static_cast<double>(m_deadLetters++ % 4);
            const bool isDown = to.center().y() >= from.center().y();
            const double begin = isDown ? from.bottom() - 9 : from.top() + 9;
            const double end = isDown ? to.top() + 9 : to.bottom() - 9;
            const QPointF control(bulge * 1.33, 0);
            for (int i = 0; i <= kCurvePoints; ++i) {
                const double t = static_cast<double>(i) / kCurvePoints;
                const double u = 1 - t;
                line << QPointF(x, begin) * (u * u * u) +
                            (QPointF(x, begin) + control) * (3 * u * u * t) +
                            (QPointF(x, end) + control) * (3 * u * t * t) +
                            QPointF(x, end) * (t * t * t);
            }
            return line;
        }
        const QPointF begin(from.right(), portY(m_outEdges[edge.from], index, edge.from));
        const QPointF end(to.left(), portY(m_inEdges[edge.to], index, edge.to));
        if (edge.kind == EdgeKind::Route && m_keys.width > 0) {
            appendCurve(line, begin, {m_keys.left, m_laneOf[index]});
            appendCurve(line, {m_keys.right(), m_laneOf[index]}, end);
        } else {
            appendCurve(line, begin, end);
        }
        return line;
    }

    const Topology& m_topology;
    const LayoutInputs& m_inputs;
    ColumnOrder m_order;
    std::vector<std::vector<std::uint32_t>> m_inEdges;
    std::vector<std::vector<std::uint32_t>> m_outEdges;
    std::vector<double> m_laneOf; // by edge: the height at which it passes the keys
    std::array<Column, 4> m_columns;
    Column m_keys;
    int m_deadLetters = 0;
    TopologyLayout m_layout;
};

} // namespace

TopologyLayout layoutOf(const Topology& topology, const LayoutInputs& inputs) {
    return Placer(topology, inputs).place();
}

TopologyLayout fittingLayout(const Topology& topology, QSizeF size,
                             const std::vector<bool>& hasFates) {
    LayoutInputs inputs{size.width(), size.height(), {}, hasFates};
    Placer placer(topology, inputs);
    for (std::size_t i = 0; i < inputs.density.size(); ++i) {
        if (placer.leastHeight(i) > size.height()) {
            inputs.density[i] = Density::Dense;
        }
    }
    return layoutOf(topology, inputs);
}

double lengthOf(const QPolygonF& line) {
    double length = 0;
    for (qsizetype i = 1; i < line.size(); ++i) {
        length += std::hypot(line[i].x() - line[i - 1].x(), line[i].y() - line[i - 1].y());
    }
    return length;
}

QPointF pointAlong(const QPolygonF& line, double share) {
    double left = std::clamp(share, 0.0, 1.0) * lengthOf(line);
    for (qsizetype i = 1; i < line.size(); ++i) {
        const QPointF step = line[i] - line[i - 1];
        const double size = std::hypot(step.x(), step.y());
        if (left <= size && size > 0) {
            return line[i - 1] + step * (left / size);
        }
        left -= size;
    }
    return line.isEmpty() ? QPointF() : line.back();
}

} // namespace interleave::ui
