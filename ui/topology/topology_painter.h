// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the topology at a moment for exports with the functions that the window uses.
#pragma once

#include "ui/chart/scene.h"
#include "ui/theme/view_painter.h"
#include "ui/topology/topology_layout.h"
#include "ui/topology/topology_model.h"

#include <memory>
#include <optional>

namespace interleave::ui {

class TopologyPainter : public ViewPainter {
public:
    /// `when`: the moment; none: the busiest one, since at the end of a run nothing is left to see.
    TopologyPainter(std::shared_ptr<const recording::Recording> recording, TimeRange visible,
                    std::optional<Nanoseconds> when = {});

    void paint(QPainter& painter, const QRectF& rect, const Theme& theme) const override;
    QSize preferredSize() const override;
    QList<LegendEntry> legend(const Theme& theme) const override;

private:
    TopologyModel m_model;
    TimeRange m_visible;
    Nanoseconds m_when = 0;
};

/// What the view shows where there was no broker.
chart::Scene noBrokerScene(QSizeF size);

} // namespace interleave::ui
