// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of the topology in the window: scrolls, zooms, shows the moment of the view state,
// and selects what is clicked on in the other views. What stays the same is painted once and kept.
#pragma once

#include <QAbstractScrollArea> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/topology/topology_layout.h"
#include "ui/topology/topology_model.h"
#include "ui/topology/topology_scene.h"
#include "ui/view_state/view_state.h"

#include <QPixmap>

#include <memory>
#include <optional>

namespace interleave::ui {

class TopologyCanvas : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit TopologyCanvas(ViewState& state, QWidget* parent = nullptr);

    /// Null: nothing is recorded yet.
    void setModel(std::shared_ptr<const TopologyModel> model);
    const TopologyModel* model() const { return m_model.get(); }
    const TopologyLayout& layout();
    /// Where a rectangle of the layout is seen.
    QRectF placeOf(const QRectF& rect) const;
    std::optional<std::uint32_t> currentNode() const { return m_current; }
    void setCurrentNode(std::optional<std::uint32_t> node);
    std::uint32_t selectedMessage() const { return m_message; }
    Nanoseconds momentNs() const;
    bool isFitted() const { return !m_zoom; }

public Q_SLOTS:
    /// So that the width is seen; what is higher scrolls.
    void fit();
    void zoomBy(double factor);

Q_SIGNALS:
    void currentNodeChanged();
    void zoomChanged();

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    double zoom() const;
    QPointF inLayout(QPointF viewportPosition) const;
    QRectF visiblePart() const;
    void forgetLayout();
    void updateScrollBars();
    void paintBackdrop();
    void paintCurrent(QPainter& painter) const;
    std::optional<std::uint32_t> nodeAt(QPointF position);
    std::uint32_t messageAt(QPointF position) const;
    QString textAt(QPointF viewportPosition);
    void select(QPointF viewportPosition);
    void selectNode(std::uint32_t node);
    void selectMessage(std::uint32_t message);
    void selectOn(recording::TrackKind kind, std::uint32_t subject);
    void followSelection();
    bool moveCurrent(int key);

    ViewState& m_state;
    std::shared_ptr<const TopologyModel> m_model;
    std::optional<TopologyLayout> m_layout;
    QPixmap m_backdrop; // of what is in sight
    std::vector<PlacedMessage> m_placed;
    std::optional<double> m_zoom; // none: fitted
    std::optional<std::uint32_t> m_current;
    std::uint32_t m_message = 0;
    QPointF m_pressedAt;
    QPoint m_scrolledAt; // the scroll bars when the mouse was pressed
    bool m_hasMoved = false;
};

} // namespace interleave::ui
