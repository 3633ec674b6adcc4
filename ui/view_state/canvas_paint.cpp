// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/canvas_paint.h"

#include "ui/theme/theme.h"
#include "ui/view_state/paint_ratio.h"

#include <QAbstractScrollArea>
#include <QPainter>
#include <QPixmap>

namespace interleave::ui {

bool renewBackdrop(QPixmap& kept, const QAbstractScrollArea& canvas, QSizeF size,
                   const QColor& background) {
    const double ratio = paintRatioOf(canvas);
    if (!kept.isNull() && kept.devicePixelRatio() == ratio) {
        return false;
    }
    kept = QPixmap((size * ratio).toSize());
    kept.setDevicePixelRatio(ratio);
    kept.fill(background);
    return true;
}

void paintFocusFrame(QPainter& painter, const QAbstractScrollArea& canvas, const Theme& theme) {
    if (canvas.hasFocus()) {
        painter.setPen(theme.accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(canvas.viewport()->rect().adjusted(0, 0, -1, -1));
    }
}

} // namespace interleave::ui
