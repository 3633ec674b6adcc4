// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_canvas.h"
#include "ui/view_state/paint_ratio.h"

#include <QPainter>

namespace interleave::ui {

GanttCanvas::GanttCanvas(Paint paint, QWidget* parent)
    : QWidget(parent)
    , m_paint(std::move(paint)) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
}

void GanttCanvas::addOverlay(Paint paint) {
    m_overlays.push_back(std::move(paint));
    replotOverlay();
}

void GanttCanvas::replot() {
    m_isStale = true;
    update();
}

void GanttCanvas::replotOverlay() {
    update();
}

void GanttCanvas::paintEvent(QPaintEvent*) {
    paintPicture();
    QPainter painter(this);
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    painter.drawImage(QPointF(0, 0), m_picture);
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
    for (const Paint& paint : m_overlays) {
        painter.save();
        paint(painter);
        painter.restore();
    }
}

void GanttCanvas::paintPicture() {
    const double ratio = paintRatioOf(*this);
    const QSize size = (QSizeF(this->size()) * ratio).toSize();
    if (m_picture.size() != size || m_picture.devicePixelRatio() != ratio) {
        m_picture = QImage(size, QImage::Format_RGB32);
        m_picture.setDevicePixelRatio(ratio);
        m_isStale = true;
    }
    if (m_isStale) {
        m_isStale = false;
        QPainter painter(&m_picture);
        m_paint(painter);
    }
}

} // namespace interleave::ui
