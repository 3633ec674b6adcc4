// SPDX-License-Identifier: GPL-3.0-or-later
// GanttCanvas: the widget that the rows are drawn on. What only changes with the view is kept as
// an opaque picture; what moves with the pointer is painted over it. A QCustomPlot keeps a
// transparent picture for each of its layers, which are cleared and blended on every replot: 4 of
// the 5 ms that an empty timeline of 1600 x 900 took.
#pragma once

#include <QImage>
#include <QWidget>
#include <functional>
#include <vector>

namespace interleave::ui {

class GanttCanvas : public QWidget {
public:
    using Paint = std::function<void(QPainter&)>;

    /// `paint` covers the whole widget.
    explicit GanttCanvas(Paint paint, QWidget* parent = nullptr);

    /// Painted over the picture, in the order in which they were added.
    void addOverlay(Paint paint);
    /// Paints everything anew with the next frame.
    void replot();
    /// Paints only the overlays anew with the next frame.
    void replotOverlay();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintPicture();

    Paint m_paint;
    std::vector<Paint> m_overlays;
    QImage m_picture;
    bool m_isStale = true;
};

} // namespace interleave::ui
