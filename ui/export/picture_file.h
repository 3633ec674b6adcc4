// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as bytes of PNG, SVG and PDF. Knows formats, not what is painted. Equal paintings give
// equal bytes, but for the date that PDF insists on.
#pragma once

#include "engine/base/result.h"
#include "ui/export/export_request.h"

#include <QByteArray>
#include <QSize>
#include <functional>

namespace interleave::ui {

struct PictureSpec {
    ExportFormat format = ExportFormat::Png;
    QSize size;       // in the painter's pixels
    double scale = 1; // PNG: pixels per pixel; SVG and PDF: how large the page says it is
    QString title;
};

Result<QByteArray> pictureBytes(const PictureSpec& spec,
                                const std::function<void(QPainter&)>& paint);

} // namespace interleave::ui
