// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_painter.h"

#include "ui/chart/parts.h"
#include "ui/chart/scene_painter.h"
#include "ui/theme/text.h"
#include "ui/topology/topology_scene.h"

#include <QPainter>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr double kSidePx = 12;
constexpr double kMostHeightPx = 2400; // taller pages have less of each node

} // namespace

chart::Scene noBrokerScene(QSizeF size) {
    chart::Scene scene;
    scene.size = size;
    chart::addEmptyState(
        scene, tr("This run has no broker"),
        tr("Its tasks met in one program. Under the models task-queue and pubsub work goes through "
           "exchanges and queues, and here you will see each message move along them."));
    return scene;
}

TopologyPainter::TopologyPainter(std::shared_ptr<const recording::Recording> recording,
                                 TimeRange visible, std::optional<Nanoseconds> when)
    : m_model(topologyModelOf(std::move(recording)))
    , m_visible(visible)
    , m_when(when.value_or(m_model.busiestNs())) {}

void TopologyPainter::paint(QPainter& painter, const QRectF& rect, const Theme& theme) const {
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.translate(rect.topLeft());
    if (m_model.isEmpty()) {
        chart::paintScene(painter, noBrokerScene(rect.size()), theme);
        painter.restore();
        return;
    }
    chart::Scene accounts;
    addAccounts(accounts, {kSidePx, 6, rect.width() - 2 * kSidePx, kAccountsPx}, m_model, m_when);
    chart::paintScene(painter, accounts, theme);
    const QSizeF room(rect.width(), rect.height() - kAccountsPx - 8);
    const TopologyLayout layout = fittingLayout(m_model.topology(), room, m_model.hasFates);
    painter.translate(0, kAccountsPx + 8);
    const double scale =
        std::min({1.0, room.width() / layout.size.width(), room.height() / layout.size.height()});
    painter.scale(scale, scale);
    chart::paintScene(painter, backdropOf(m_model, layout), theme);
    const QRectF all(QPointF(0, 0), layout.size);
    chart::paintScene(
        painter, momentOf(m_model, layout, {m_when, travelNs(m_visible), all, 0}).scene, theme);
    painter.restore();
}

QSize TopologyPainter::preferredSize() const {
    if (m_model.isEmpty()) {
        return {1200, 400};
    }
    const auto heightWithin = [&](double room) {
        return fittingLayout(m_model.topology(), {1200, room}, m_model.hasFates).size.height();
    };
    // Comfortable where that is not absurd.
    const LayoutInputs comfortable{1200, 1, {}, m_model.hasFates};
    const double full = layoutOf(m_model.topology(), comfortable).size.height() + 60;
    const double height = full <= kMostHeightPx ? full : heightWithin(kMostHeightPx);
    return {1200, static_cast<int>(std::clamp(height, 240.0, 16'000.0) + kAccountsPx + 8)};
}

// The counts name the marks that occur; the legend says what the colours and lines are.
QList<LegendEntry> TopologyPainter::legend(const Theme& theme) const {
    if (m_model.isEmpty()) {
        return {};
    }
    QList<LegendEntry> entries;
    entries.append({State::Queued, {}, tr("ready in its queue")});
    entries.append({State::Reserved, {}, tr("delivered, not yet acknowledged")});
    entries.append({std::nullopt, chart::colourOf({chart::Role::Accent}, theme),
                    tr("hollow: moved in the last %1").arg(durationText(travelNs(m_visible)))});
    const auto& edges = m_model.topology().edges;
    if (std::ranges::any_of(
            edges, [](const auto& edge) { return edge.kind == analysis::EdgeKind::DeadLetter; })) {
        entries.append({std::nullopt, chart::colourOf({chart::Role::Warning}, theme),
                        tr("dashed: way of dead letters")});
    }
    return entries;
}

} // namespace interleave::ui
