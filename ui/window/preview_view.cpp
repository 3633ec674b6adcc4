// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/preview_view.h"

#include <QPainter>

namespace interleave::ui {

namespace {

constexpr int kMarginPx = 12;

} // namespace

PreviewView::PreviewView(QWidget* parent)
    : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Preview"));
    m_pool.setMaxThreadCount(1);
}

PreviewView::~PreviewView() {
    m_pool.waitForDone();
}

QSize PreviewView::roomPx() const {
    const QSize room = size() - QSize(2 * kMarginPx, 2 * kMarginPx);
    return (QSizeF(room) * devicePixelRatioF()).toSize().expandedTo({16, 16});
}

void PreviewView::show(Wish wish) {
    m_wish = std::move(wish);
    m_hasNewer = true;
    start();
}

void PreviewView::start() {
    if (m_isPainting || !m_hasNewer) {
        return;
    }
    m_isPainting = true;
    m_hasNewer = false;
    m_pool.start([this, wish = m_wish, room = roomPx()] {
        auto result = exportPreview(wish.recordings, wish.request, room);
        QMetaObject::invokeMethod(
            this, [this, result = std::move(result)] { take(result); }, Qt::QueuedConnection);
    });
}

void PreviewView::take(const Result<ExportPreview>& result) {
    m_isPainting = false;
    if (m_hasNewer) { // what has come is out of date
        start();
        return;
    }
    m_image = result ? result->image : QImage();
    update();
    if (result) {
        Q_EMIT painted(result->size);
    } else {
        Q_EMIT failed(QString::fromStdString(result.error().message));
    }
}

void PreviewView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (!m_wish.recordings.empty()) {
        m_hasNewer = true;
        start();
    }
}

void PreviewView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Mid)); // around the sheet
    if (m_image.isNull()) {
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(rect(), Qt::AlignCenter,
                         m_isPainting ? tr("Painting…") : tr("No picture"));
        return;
    }
    QSizeF shown = QSizeF(m_image.size()) / devicePixelRatioF();
    const QSize room = size() - QSize(2 * kMarginPx, 2 * kMarginPx);
    if (shown.width() > room.width() || shown.height() > room.height()) {
        shown.scale(room, Qt::KeepAspectRatio); // until the one for the new size is there
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
    }
    const QPointF corner((width() - shown.width()) / 2, (height() - shown.height()) / 2);
    const QRectF sheet(QPointF(std::round(corner.x()), std::round(corner.y())), shown);
    painter.fillRect(sheet.translated(2, 2), QColor(0, 0, 0, 60));
    painter.drawImage(sheet, m_image);
}

} // namespace interleave::ui
