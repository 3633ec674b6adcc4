// SPDX-License-Identifier: GPL-3.0-or-later
// The time line under the topology: how many messages lay in queues and with consumers, and marks
// such as faults. Dragging moves the moment that is shown; the wheel zooms as in the other views.
#pragma once

#include <QObject> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/chart/scene_view.h"
#include "ui/topology/topology_model.h"

namespace interleave::ui {

class TopologyStrip : public chart::SceneView {
    Q_OBJECT

public:
    explicit TopologyStrip(ViewState& state, QWidget* parent = nullptr);
    void setModel(std::shared_ptr<const TopologyModel> model);
    QSize sizeHint() const override { return {960, kHeightPx}; }

    static constexpr int kHeightPx = 88;

protected:
    chart::Picture pictureFor(QSizeF size) override;
    double preferredHeight() const override { return kHeightPx; }
    QString toolTipAt(QPointF position) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void addMarks(chart::Scene& scene, const QRectF& plot, const chart::TimeScale& scale) const;
    void moveTo(QPointF position);

    std::shared_ptr<const TopologyModel> m_model;
    bool m_isScrubbing = false;
};

} // namespace interleave::ui
