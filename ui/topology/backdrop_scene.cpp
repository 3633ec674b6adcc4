// SPDX-License-Identifier: GPL-3.0-or-later
// What the moment does not change, and the line that accounts for all messages.
#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"
#include "ui/topology/message_symbols.h"
#include "ui/topology/node_parts.h"
#include "ui/topology/topology_scene.h"

#include <QLocale>

#include <algorithm>

namespace interleave::ui {

using analysis::EdgeKind;
using analysis::NodeKind;
using analysis::TopologyEdge;
using analysis::TopologyNode;
using chart::Font;
using chart::Ink;
using chart::Role;
using recording::MessageStep;

namespace {

/// An exchange has cut corners, a queue a thick front, where messages leave it.
QPolygonF outlineOf(NodeKind kind, const QRectF& rect) {
    const QRectF crisp = rect.adjusted(0.5, 0.5, -0.5, -0.5);
    if (kind != NodeKind::Exchange) {
        return {crisp.topLeft(), crisp.topRight(), crisp.bottomRight(), crisp.bottomLeft(),
                crisp.topLeft()};
    }
    const double cut = std::min(10.0, rect.height() / 3);
    const QPointF right(cut, 0);
    const QPointF down(0, cut);
    return {crisp.topLeft() + right,    crisp.topRight() - right,    crisp.topRight() + down,
            crisp.bottomRight() - down, crisp.bottomRight() - right, crisp.bottomLeft() + right,
            crisp.bottomLeft() - down,  crisp.topLeft() + down,      crisp.topLeft() + right};
}

QString sideText(const TopologyNode& node) {
    switch (node.kind) {
    case NodeKind::Publisher:
        return node.publishers.size() > 1
                   ? tr("%1 tasks").arg(QLocale().toString(qulonglong{node.publishers.size()}))
                   : QString();
    case NodeKind::Exchange:
        return node.type == "default" ? QString() : QString::fromStdString(node.type);
    case NodeKind::Queue:
        return node.limit > 0 ? tr("limit %1").arg(node.limit) : QString();
    case NodeKind::Consumer:
        break;
    }
    return node.limit > 0 ? tr("prefetch %1").arg(node.limit) : QString();
}

class Backdrop {
public:
    Backdrop(const TopologyModel& model, const TopologyLayout& layout)
        : m_topology(model.topology())
        , m_layout(layout) {
        m_scene.size = layout.size;
    }

    chart::Scene draw() {
        addHeadings();
        for (std::uint32_t i = 0; i < m_topology.edges.size(); ++i) {
            addEdge(m_topology.edges[i], m_layout.edges[i]);
        }
        for (const PlacedKeys& keys : m_layout.keys) {
            addKeys(keys);
        }
        for (std::uint32_t i = 0; i < m_topology.nodes.size(); ++i) {
            addNode(m_topology.nodes[i], m_layout.nodes[i]);
        }
        return std::move(m_scene);
    }

private:
    void addHeadings() {
        const std::array titles{tr("Publishers"), tr("Exchanges"), tr("Binding keys"), tr("Queues"),
                                tr("Consumers")};
        for (std::size_t i = 0; i < titles.size(); ++i) {
            if (!m_layout.headings[i].isEmpty()) {
                QRectF place = m_layout.headings[i];
                place.setWidth(std::max(place.width(), chart::widthOf(titles[i], Font::Small) + 2));
                m_scene.add(chart::Text{place, titles[i], Font::Small, {Role::Muted}});
            }
        }
    }

    void addEdge(const TopologyEdge& edge, const QPolygonF& points) {
        const bool isDead = edge.kind == EdgeKind::DeadLetter;
        // A way that messages took and no binding announced is dashed like that of dead letters.
        const bool isUnbound = edge.kind == EdgeKind::Route && edge.keys.empty() &&
                               m_topology.nodes[edge.from].type != "default";
        chart::Line line{
            points, {isDead ? Role::Warning : Role::Axis}, isDead ? 1.4 : 1.2, isDead || isUnbound};
        line.isSmooth = true;
        line.hasHead = true;
        m_scene.add(line);
    }

    void addKeys(const PlacedKeys& keys) {
        m_scene.add(chart::Box{keys.rect, {Role::Halo}, {}, false});
        m_scene.add(chart::Line{{keys.rect.topLeft(), keys.rect.topRight(), keys.rect.bottomRight(),
                                 keys.rect.bottomLeft(), keys.rect.topLeft()},
                                {Role::Axis}});
        const double height = (keys.rect.height() - 4) / static_cast<double>(keys.lines.size());
        double y = keys.rect.top() + 2;
        for (const QString& text : keys.lines) {
            m_scene.add(chart::Text{
                {keys.rect.left() + 5, y, keys.rect.width() - 9, height}, text, Font::Small});
            y += height;
        }
    }

    void addNode(const TopologyNode& node, const QRectF& rect) {
        const QPolygonF outline = outlineOf(node.kind, rect);
        const bool isDefault = node.kind == NodeKind::Exchange && node.type == "default";
        m_scene.add(chart::Area{outline, {Role::Header}});
        chart::Line frame{outline, {Role::Text}, 1.2, isDefault};
        frame.isSmooth = node.kind == NodeKind::Exchange;
        m_scene.add(frame);
        if (node.kind == NodeKind::Queue) {
            m_scene.add(chart::Box{{rect.right() - 4, rect.top(), 4, rect.height()}, {Role::Text}});
        }
        const NodeParts parts = partsOf(node.kind, rect, m_layout.densityOf(node.kind));
        const QString side =
            m_layout.densityOf(node.kind) == Density::Full ? sideText(node) : QString();
        const double sideWidth = side.isEmpty() ? 0 : chart::widthOf(side, Font::Small) + 2;
        const double titleWidth = chart::widthOf(titleOf(node), Font::Strong);
        const bool hasSide = sideWidth > 0 && sideWidth + titleWidth + 8 <= parts.title.width();
        m_scene.add(chart::Text{parts.title.adjusted(0, 0, hasSide ? -sideWidth - 6 : 0, 0),
                                titleOf(node),
                                isDefault ? Font::Body : Font::Strong,
                                {isDefault ? Role::Muted : Role::Text}});
        if (hasSide) {
            m_scene.add(chart::Text{{parts.title.right() - sideWidth, parts.title.top(), sideWidth,
                                     parts.title.height()},
                                    side,
                                    Font::Small,
                                    {Role::Muted},
                                    Qt::AlignRight | Qt::AlignVCenter});
        }
    }

    const analysis::Topology& m_topology;
    const TopologyLayout& m_layout;
    chart::Scene m_scene;
};

} // namespace

chart::Scene backdropOf(const TopologyModel& model, const TopologyLayout& layout) {
    return Backdrop(model, layout).draw();
}

void addAccounts(chart::Scene& scene, const QRectF& place, const TopologyModel& model,
                 Nanoseconds when) {
    const analysis::FlowTotals totals = model.flow.totalsAt(when);
    const QString time = durationText(when);
    const QString published = QLocale().toString(qulonglong{totals.published});
    const QString head =
        tr("At %1: %2 published").arg(when == 0 ? QStringLiteral("0") : time, published);
    std::vector<Count> counts;
    const auto add = [&](const Symbol& symbol, std::uint64_t value) {
        if (value > 0) {
            counts.push_back({symbol, value, {}});
        }
    };
    std::uint64_t copies = totals.onTheWay + totals.ready + totals.held;
    add(movingSymbol(), totals.onTheWay);
    add(readySymbol(), totals.ready);
    add(heldSymbol(), totals.held);
    add(symbolOf(MessageStep::Acked), totals.of(MessageStep::Acked));
    copies += totals.of(MessageStep::Acked);
    for (const MessageStep step : fateSteps()) {
        if (step != MessageStep::DeadLettered && step != MessageStep::Requeued) {
            add(symbolOf(step), totals.of(step));
            copies += totals.of(step);
        }
    }
    // Where exchanges make several copies of a message, copies are what is accounted for.
    const QString sign = copies == totals.published
                             ? QStringLiteral(" =")
                             : tr(", %1 copies =").arg(QLocale().toString(qulonglong{copies}));
    const double headWidth = chart::widthOf(head + sign, Font::Strong) + 8;
    const double line = place.height() / 2;
    double total = 0;
    for (const Count& count : counts) {
        const QString text = QLocale().toString(qulonglong{count.value}) + u' ' + count.symbol.word;
        total += 13 + 10 + chart::widthOf(text, Font::Small);
    }
    const bool isOneLine = headWidth + total <= place.width();
    const double top = isOneLine ? place.top() + line / 2 : place.top();
    scene.add(chart::Text{
        {place.left(), top, std::min(headWidth, place.width()), line}, head + sign, Font::Strong});
    addCounts(scene,
              isOneLine ? QRectF(place.left() + headWidth, top, place.width() - headWidth, line)
                        : QRectF(place.left(), place.top() + line, place.width(), line),
              counts);
}

} // namespace interleave::ui
