// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as bytes of PNG, SVG and PDF. Knows formats, not what is painted. Equal paintings give
// equal bytes: no file says when it was made.
//
// In every format the painter's unit is a CSS pixel, 96 to the inch, and deviceTransform().m11() is
// the scale: what is painted as an image should have that many pixels for each unit.
#pragma once

#include "engine/base/result.h"
#include "ui/export/export_request.h"

#include <QByteArray>
#include <QSizeF>
#include <functional>

namespace interleave::ui {

struct PictureSpec {
    ExportFormat format = ExportFormat::Png;
    QSizeF size;      // in CSS pixels
    double scale = 1; // PNG: pixels for each of them; SVG and PDF: of embedded images
    QString title;
    QString fontFamily; // of most of the text
};

Result<QByteArray> pictureBytes(const PictureSpec& spec,
                                const std::function<void(QPainter&)>& paint);

} // namespace interleave::ui
