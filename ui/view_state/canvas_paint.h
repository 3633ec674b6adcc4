// SPDX-License-Identifier: GPL-3.0-or-later
// What canvases have in common: a backdrop that is painted once and kept, and the frame that says
// that keys go to them.
#pragma once

class QAbstractScrollArea;
class QColor;
class QPainter;
class QPixmap;
class QSizeF;

namespace interleave::ui {

struct Theme;

/// A backdrop of that size, as fine as the canvas, in the background's colour and otherwise empty;
/// false: what is kept still fits. When the size changes the caller forgets what it kept.
bool renewBackdrop(QPixmap& kept, const QAbstractScrollArea& canvas, QSizeF size,
                   const QColor& background);

/// Where the canvas has the focus.
void paintFocusFrame(QPainter& painter, const QAbstractScrollArea& canvas, const Theme& theme);

} // namespace interleave::ui
