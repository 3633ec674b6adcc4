// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/picture_file.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace interleave::ui {

namespace {

constexpr int kPointsPerInch = 72;
constexpr int kPdfDotsPerInch = 1200; // fine enough that coordinates lose nothing
constexpr double kMostPixels = 200e6; // 800 MB while it is being painted

std::unexpected<Error> cannotMake(const char* format) {
    return fail(fmt::format("The {} picture can't be made; try a smaller size or scale.", format));
}

Result<QByteArray> pngBytes(QSize size, double scale, const std::function<void(QPainter&)>& paint) {
    QImage image(size, QImage::Format_RGB32);
    if (image.isNull()) {
        return cannotMake("PNG");
    }
    image.fill(Qt::white);
    image.setDotsPerMeterX(static_cast<int>(std::lround(96 * scale / 0.0254)));
    image.setDotsPerMeterY(static_cast<int>(std::lround(96 * scale / 0.0254)));
    QPainter painter(&image);
    painter.setRenderHint(QPainter::TextAntialiasing, true);
    painter.scale(scale, scale);
    paint(painter);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG")) {
        return cannotMake("PNG");
    }
    return bytes;
}

Result<QByteArray> svgBytes(const PictureSpec& spec, QSize size,
                            const std::function<void(QPainter&)>& paint) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(96); // a CSS pixel
    generator.setSize(size);
    generator.setViewBox(QRectF(QPointF(0, 0), QSizeF(spec.size)));
    generator.setTitle(spec.title);
    generator.setDescription(QStringLiteral("Made by Interleave"));
    QPainter painter;
    if (!painter.begin(&generator)) {
        return cannotMake("SVG");
    }
    paint(painter);
    painter.end();
    return bytes;
}

Result<QByteArray> pdfBytes(const PictureSpec& spec, QSize size,
                            const std::function<void(QPainter&)>& paint) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!buffer.open(QIODevice::WriteOnly)) {
        return cannotMake("PDF");
    }
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(kPdfDotsPerInch);
        writer.setPageSize(
            QPageSize(QSizeF(size), QPageSize::Point, QString(), QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF(0, 0, 0, 0));
        writer.setTitle(spec.title);
        writer.setCreator(QStringLiteral("Interleave"));
        QPainter painter;
        if (!painter.begin(&writer)) {
            return cannotMake("PDF");
        }
        const double unit = static_cast<double>(kPdfDotsPerInch) / kPointsPerInch * spec.scale;
        painter.scale(unit, unit);
        paint(painter);
        painter.end();
    }
    return bytes;
}

} // namespace

Result<QByteArray> pictureBytes(const PictureSpec& spec,
                                const std::function<void(QPainter&)>& paint) {
    if (!(spec.scale > 0) || !std::isfinite(spec.scale)) {
        return fail("The scale must be a number above 0, such as 2.");
    }
    const double width = spec.size.width() * spec.scale;
    const double height = spec.size.height() * spec.scale;
    if (width < 1 || height < 1 || width > kMostExportPx || height > kMostExportPx) {
        return fail(fmt::format("A picture of {:.0f} x {:.0f} pixels is out of range; each side "
                                "may have 1 to {}. Choose another size or scale.",
                                width, height, kMostExportPx));
    }
    const QSize scaled(static_cast<int>(std::lround(width)), static_cast<int>(std::lround(height)));
    switch (spec.format) {
    case ExportFormat::Svg:
        return svgBytes(spec, scaled, paint);
    case ExportFormat::Pdf:
        return pdfBytes(spec, scaled, paint);
    case ExportFormat::Png:
        break;
    }
    if (width * height > kMostPixels) {
        return fail(fmt::format("A PNG of {:.0f} x {:.0f} pixels needs too much memory; choose a "
                                "smaller size or scale, or SVG.",
                                width, height));
    }
    return pngBytes(scaled, spec.scale, paint);
}

} // namespace interleave::ui
