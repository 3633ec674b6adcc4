// SPDX-License-Identifier: GPL-3.0-or-later
// The strip above the rows: the whole run in small, and the window that shows which part of it is
// in sight. The window can be dragged, and by its edges made wider or narrower.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include "ui/view_state/view_state.h"

#include <QPixmap>

namespace interleave::ui {

class OverviewStrip : public QWidget {
    Q_OBJECT

public:
    explicit OverviewStrip(ViewState& state, QWidget* parent = nullptr);

    void setGutterPx(double widthPx);
    QSize sizeHint() const override;
    /// Where the window is drawn.
    QRectF windowRect() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Grip : std::uint8_t { None, Body, Left, Right };

    QRectF track() const;
    TimeRange shownRange() const;
    double xOf(Nanoseconds time) const;
    Nanoseconds timeAt(double x) const;
    Grip gripAt(QPointF point) const;
    void forgetPicture();
    void paintPicture(QPainter& painter) const;

    ViewState& m_state;
    QPixmap m_picture;
    double m_gutterPx;
    Grip m_grip = Grip::None;
    Nanoseconds m_pressedNs = 0;
    TimeRange m_visibleAtPress;
};

} // namespace interleave::ui
