// SPDX-License-Identifier: GPL-3.0-or-later
// SceneView: a scrolling widget that shows a scene on a time axis and follows the shared view
// state: visible range, selected range, ruler, cursor, theme. The keys and wheel of the Gantt do
// the same here. What to draw comes from the subclass; the picture is kept until an input changes.
#pragma once

#include "ui/chart/scene.h"
#include "ui/chart/time_scale.h"
#include "ui/view_state/view_state.h"

#include <QAbstractScrollArea>
#include <QPixmap>

#include <optional>
#include <vector>

namespace interleave::chart {

/// A scene and where time runs in it.
struct Picture {
    Scene scene;
    TimeScale scale;
    std::vector<QRectF> plots; // rectangles that share the time scale
};

/// Cursor line, selected range and ruler over a picture's plots.
void paintOverlay(QPainter& painter, const Picture& picture, const ui::ViewState& state);

class SceneView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit SceneView(ui::ViewState& state, QWidget* parent = nullptr);

    const Picture& picture();
    /// Width of what lies left of the time axis; the window gives all views the same.
    void setGutterPx(double widthPx);
    double gutterPx() const { return m_gutterPx; }
    QSize sizeHint() const override { return {960, 560}; }

protected:
    /// Called before what follows, and not while the view is hidden: the place for work that a new
    /// recording asks for.
    virtual void prepare() {}
    /// `size`: the viewport's width, and at least preferredHeight().
    virtual Picture pictureFor(QSizeF size) = 0;
    virtual double preferredHeight() const = 0;
    /// What to say about a place of the picture; empty says nothing.
    virtual QString toolTipAt(QPointF) { return {}; }
    /// A click that was no drag.
    virtual void clickAt(QPointF) {}

    ui::ViewState& state() { return m_state; }
    const ui::ViewState& state() const { return m_state; }
    /// Forgets the picture; the next paint makes a new one.
    void refresh();

    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    enum class Drag : std::uint8_t { None, Range, Ruler, Pan };

    QPointF scenePosition(QPointF viewportPosition) const;
    bool isOverTime(QPointF scenePosition);
    Nanoseconds timeAt(QPointF scenePosition);
    void updateScrollBar();
    bool navigate(const QKeyEvent& event);

    ui::ViewState& m_state;
    std::optional<Picture> m_picture;
    QPixmap m_pixmap;
    double m_gutterPx = 168;
    Drag m_drag = Drag::None;
    QPointF m_pressedAt;
    TimeRange m_visibleAtPress;
    bool m_hasMoved = false;
};

} // namespace interleave::chart
