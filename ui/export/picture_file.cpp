// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/picture_file.h"

#include "ui/export/svg_device.h"

#include <QBuffer>
#include <QHash>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace interleave::ui {

namespace {

constexpr int kPxPerInch = 96;
constexpr double kPointsPerPx = 0.75;
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
    image.setDotsPerMeterX(static_cast<int>(std::lround(kPxPerInch * scale / 0.0254)));
    image.setDotsPerMeterY(static_cast<int>(std::lround(kPxPerInch * scale / 0.0254)));
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

Result<QByteArray> svgBytes(const PictureSpec& spec, const std::function<void(QPainter&)>& paint) {
    SvgDevice device(
        {spec.size, spec.scale, spec.title, QStringLiteral("Made by Interleave"), spec.fontFamily});
    QPainter painter;
    if (!painter.begin(&device)) {
        return cannotMake("SVG");
    }
    paint(painter);
    painter.end();
    return device.bytes();
}

/// Overwrites what follows `key` up to `end` with zeros where it is hexadecimal: the length stays,
/// and with it the file's table of places.
void blank(QByteArray& bytes, const char* key, char end) {
    const qsizetype keyLength = static_cast<qsizetype>(std::strlen(key));
    for (qsizetype at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at + keyLength)) {
        for (qsizetype i = at + keyLength; i < bytes.size() && bytes[i] != end; ++i) {
            if (std::isxdigit(static_cast<unsigned char>(bytes[i])) != 0) {
                bytes[i] = '0';
            }
        }
    }
}

/// Qt writes when the file was made, and a random number as its name.
void removeDates(QByteArray& bytes) {
    const qsizetype date = bytes.indexOf("/CreationDate (D:");
    if (date >= 0) { // a date must be one
        const QByteArray fixed("19700101000000");
        const qsizetype digits = date + static_cast<qsizetype>(std::strlen("/CreationDate (D:"));
        bytes.replace(digits, fixed.size(), fixed);
        const qsizetype close = bytes.indexOf(')', digits);
        for (qsizetype i = digits + fixed.size(); i < close; ++i) {
            if (std::isdigit(static_cast<unsigned char>(bytes[i])) != 0) {
                bytes[i] = '0';
            } else if (bytes[i] == '-') {
                bytes[i] = '+';
            }
        }
    }
    blank(bytes, "/ID [ <", ']');
    blank(bytes, "uuid:", '<');
}

/// Qt writes a document's fonts in the order of a hash table, which differs from one program start
/// to the next; equal pictures are to be equal files.
class SteadyHashOrder {
public:
    SteadyHashOrder() { QHashSeed::setDeterministicGlobalSeed(); }
    SteadyHashOrder(const SteadyHashOrder&) = delete;
    SteadyHashOrder& operator=(const SteadyHashOrder&) = delete;
    ~SteadyHashOrder() { QHashSeed::resetRandomGlobalSeed(); }
};

Result<QByteArray> pdfBytes(const PictureSpec& spec, const std::function<void(QPainter&)>& paint) {
    const SteadyHashOrder steady;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    if (!buffer.open(QIODevice::WriteOnly)) {
        return cannotMake("PDF");
    }
    {
        QPdfWriter writer(&buffer);
        const int dotsPerInch = std::max(1, static_cast<int>(std::lround(kPxPerInch * spec.scale)));
        writer.setResolution(dotsPerInch);
        writer.setPageSize(QPageSize(spec.size * kPointsPerPx, QPageSize::Point, QString(),
                                     QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF(0, 0, 0, 0));
        writer.setTitle(spec.title);
        writer.setCreator(QStringLiteral("Interleave"));
        QPainter painter;
        if (!painter.begin(&writer)) {
            return cannotMake("PDF");
        }
        painter.setRenderHint(QPainter::LosslessImageRendering);
        const double unit = static_cast<double>(dotsPerInch) / kPxPerInch;
        painter.scale(unit, unit);
        paint(painter);
        painter.end();
    }
    removeDates(bytes);
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
        return svgBytes(spec, paint);
    case ExportFormat::Pdf:
        return pdfBytes(spec, paint);
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
