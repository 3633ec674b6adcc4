// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/svg_engine.h"

#include "ui/export/svg_text.h"

#include <QBuffer>
#include <QFont>
#include <QImage>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace interleave::ui {

namespace {

constexpr qsizetype kLongestPath = 16'000; // bytes: readers are slow on paths without end
// More paths than these for rectangles that nothing else lies between: they are as small as pixels,
// and a picture of them is smaller, faster to draw and looks the same.
constexpr int kMostFillPaths = 4'000;
constexpr double kMostImagePixels = 64e6;
// A pixel stays a pixel, however far a reader zooms in.
constexpr const char* kPixelated = " style=\"image-rendering:pixelated\"";

QPaintEngine::PaintEngineFeatures features() {
    return QPaintEngine::PrimitiveTransform | QPaintEngine::PixmapTransform |
           QPaintEngine::PainterPaths | QPaintEngine::AlphaBlend | QPaintEngine::Antialiasing |
           QPaintEngine::BrushStroke | QPaintEngine::ConstantOpacity |
           QPaintEngine::PaintOutsidePaintEvent;
}

QByteArray pngOf(const QImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

} // namespace

SvgEngine::SvgEngine(QString fontFamily, double deviceScale)
    : QPaintEngine(features())
    , m_fontFamily(std::move(fontFamily))
    , m_deviceScale(deviceScale) {}

bool SvgEngine::begin(QPaintDevice*) {
    setActive(true);
    return true;
}

bool SvgEngine::end() {
    flush();
    setActive(false);
    return true;
}

void SvgEngine::updateState(const QPaintEngineState& now) {
    const QPaintEngine::DirtyFlags changed = now.state();
    if (changed & DirtyTransform) {
        // The painter's pixels are the file's units; the ratio is the embedded images' affair.
        m_transform = now.transform() * QTransform::fromScale(1 / m_deviceScale, 1 / m_deviceScale);
        m_isMoved =
            m_transform.type() <= QTransform::TxTranslate ||
            (m_transform.type() == QTransform::TxScale && std::abs(m_transform.m11() - 1) < 1e-9 &&
             std::abs(m_transform.m22() - 1) < 1e-9);
    }
    if (changed & DirtyPen) {
        m_pen = now.pen();
    }
    if (changed & DirtyBrush) {
        m_brush = now.brush();
    }
    if (changed & DirtyOpacity) {
        m_opacity = now.opacity();
    }
    if (changed & DirtyHints) {
        m_isSmooth = now.renderHints().testFlag(QPainter::Antialiasing);
        m_isSmoothImage = now.renderHints().testFlag(QPainter::SmoothPixmapTransform);
    }
    if (changed & (DirtyClipPath | DirtyClipRegion | DirtyClipEnabled)) {
        updateClip(now);
    }
}

void SvgEngine::updateClip(const QPaintEngineState& now) {
    const auto changed = now.state();
    if (!(changed & (DirtyClipPath | DirtyClipRegion))) {
        if (!now.isClipEnabled()) {
            m_clip = {};
        }
        return;
    }
    QPainterPath path;
    if (changed & DirtyClipPath) {
        path = now.clipPath();
    } else {
        path.addRegion(now.clipRegion());
    }
    if (now.clipOperation() != Qt::IntersectClip) {
        m_clip = {};
    }
    if (now.clipOperation() != Qt::NoClip) {
        intersectClip(m_transform.map(path));
    }
}

void SvgEngine::intersectClip(const QPainterPath& path) {
    const QRectF bounds = path.boundingRect();
    QPainterPath asRect;
    asRect.addRect(bounds);
    const bool isRect =
        path.elementCount() == asRect.elementCount() && path.simplified() == asRect.simplified();
    if (isRect && (!m_clip.isSet || m_clip.isRect)) {
        m_clip.bounds = m_clip.isSet ? m_clip.bounds.intersected(bounds) : bounds;
        m_clip.isRect = true;
    } else {
        QPainterPath before;
        before.addRect(m_clip.bounds);
        m_clip.path = m_clip.isSet ? path.intersected(m_clip.isRect ? before : m_clip.path) : path;
        m_clip.bounds = m_clip.path.boundingRect();
        m_clip.isRect = false;
    }
    m_clip.isSet = true;
}

bool SvgEngine::hasPen() const {
    return m_pen.style() != Qt::NoPen && m_pen.color().alpha() > 0;
}

bool SvgEngine::hasBrush() const {
    return m_brush.style() != Qt::NoBrush && m_brush.color().alpha() > 0;
}

void SvgEngine::appendPen(QByteArray& look) const {
    const double width = m_pen.widthF() > 0 ? m_pen.widthF() : 1;
    appendColour(look, "stroke", m_pen.color(), m_opacity);
    if (width != 1) {
        appendAttribute(look, "stroke-width", width);
    }
    if (m_pen.capStyle() == Qt::RoundCap) {
        look += " stroke-linecap=\"round\"";
    } else if (m_pen.capStyle() == Qt::SquareCap && m_pen.style() == Qt::SolidLine) {
        look += " stroke-linecap=\"square\"";
    }
    if (m_pen.joinStyle() == Qt::RoundJoin) {
        look += " stroke-linejoin=\"round\"";
    }
    if (m_pen.style() != Qt::SolidLine) {
        look += " stroke-dasharray=\"";
        for (const double part : m_pen.dashPattern()) {
            appendNumber(look, part * width);
            look += ' ';
        }
        look.chop(1);
        look += '"';
    }
    if (!m_isSmooth) {
        look += " shape-rendering=\"crispEdges\"";
    }
}

QByteArray SvgEngine::strokeLook() const {
    QByteArray look(" fill=\"none\"");
    appendPen(look);
    return look;
}

double SvgEngine::penMargin() const {
    return hasPen() ? std::max(1.0, m_pen.widthF()) * 2 : 0; // mitres reach out
}

bool SvgEngine::isOutside(const QRectF& bounds) const {
    return m_clip.isSet &&
           (m_clip.bounds.isEmpty() || bounds.left() > m_clip.bounds.right() ||
            bounds.right() < m_clip.bounds.left() || bounds.top() > m_clip.bounds.bottom() ||
            bounds.bottom() < m_clip.bounds.top());
}

bool SvgEngine::needsClip(const QRectF& bounds) const {
    return m_clip.isSet && !(m_clip.isRect && m_clip.bounds.contains(bounds));
}

/// Lines are joined only where nothing that lies between them could be covered otherwise: the same
/// look, one directly after the other, and opaque, since overlaps would show.
void SvgEngine::join(const QByteArray& look, const QByteArray& path) {
    flushFills();
    const bool isSame = m_pending.look == look && m_pending.path.size() < kLongestPath;
    if (!isSame || look.contains("-opacity")) {
        flush();
        m_pending.look = look;
    }
    m_pending.path += path;
}

void SvgEngine::flush() {
    flushFills();
    if (!m_pending.path.isEmpty()) {
        m_body += "<path" + m_pending.look + " d=\"" + m_pending.path + "\"/>\n";
        ++m_shapes;
    }
    m_pending = {};
}

void SvgEngine::flushFills() {
    if (m_fills.empty()) {
        return;
    }
    QByteArray paths;
    const int count = appendFills(paths);
    if (count > kMostFillPaths) {
        appendFillsAsImage();
    } else {
        m_body += paths;
        m_shapes += count;
    }
    m_fills.clear();
}

int SvgEngine::appendFills(QByteArray& out) const {
    int count = 0;
    for (std::size_t i = 0; i < m_fills.size() && count <= kMostFillPaths; ++count) {
        const Fill& first = m_fills[i];
        out += "<path";
        appendColour(out, "fill", first.colour, 1);
        out += first.isSmooth ? " d=\"" : " shape-rendering=\"crispEdges\" d=\"";
        const qsizetype begin = out.size();
        do {
            appendRect(out, m_fills[i].rect);
            ++i;
        } while (i < m_fills.size() && m_fills[i].colour == first.colour &&
                 m_fills[i].isSmooth == first.isSmooth && first.colour.alpha() == 255 &&
                 out.size() - begin < kLongestPath);
        out += "\"/>\n";
    }
    return count;
}

void SvgEngine::appendFillsAsImage() {
    QRectF bounds;
    for (const Fill& fill : m_fills) {
        bounds |= fill.rect;
    }
    const QRectF area = bounds.toAlignedRect();
    const double fitting = std::sqrt(kMostImagePixels / (area.width() * area.height()));
    const double scale = std::min(m_deviceScale, fitting);
    QImage image((area.size() * scale).toSize().expandedTo({1, 1}),
                 QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.scale(image.width() / area.width(), image.height() / area.height());
    painter.translate(-area.topLeft());
    for (const Fill& fill : m_fills) {
        painter.setRenderHint(QPainter::Antialiasing, fill.isSmooth);
        painter.fillRect(fill.rect, fill.colour);
    }
    painter.end();
    QByteArray element = imageElement(area, image);
    element.insert(static_cast<qsizetype>(std::strlen("<image")), kPixelated);
    m_body += element + '\n';
    ++m_shapes;
}

QByteArray SvgEngine::clipReference() {
    QByteArray data;
    if (m_clip.isRect) {
        appendRect(data, m_clip.bounds);
    } else {
        appendPath(data, m_clip.path);
    }
    if (data != m_clipData) {
        m_clipData = data;
        ++m_clipCount;
        // Within defs, because readers that know no clips would draw the path itself.
        m_body += "<defs><clipPath id=\"c" + QByteArray::number(m_clipCount) + "\"><path d=\"" +
                  data + "\"/></clipPath></defs>\n";
    }
    return "url(#c" + QByteArray::number(m_clipCount) + ")";
}

void SvgEngine::write(const QByteArray& element, const QRectF& bounds) {
    flush();
    ++m_shapes;
    if (!needsClip(bounds)) {
        m_body += element + '\n';
        return;
    }
    const QByteArray clip = clipReference();
    m_body += "<g clip-path=\"" + clip + "\">" + element + "</g>\n";
}

QByteArray SvgEngine::transformAttribute() const {
    if (m_isMoved && m_transform.dx() == 0 && m_transform.dy() == 0) {
        return {};
    }
    QByteArray attribute(" transform=\"matrix(");
    for (const double value : {m_transform.m11(), m_transform.m12(), m_transform.m21(),
                               m_transform.m22(), m_transform.dx(), m_transform.dy()}) {
        attribute += QByteArray::number(value, 'g', 8) + ' ';
    }
    attribute.chop(1);
    return attribute + ")\"";
}

void SvgEngine::drawRects(const QRectF* rects, int count) {
    const bool isPlainFill = hasBrush() && !hasPen() && m_isMoved;
    QColor colour = m_brush.color();
    colour.setAlphaF(static_cast<float>(colour.alphaF() * m_opacity));
    for (int i = 0; i < count; ++i) {
        if (!isPlainFill || (m_clip.isSet && !m_clip.isRect)) {
            QPainterPath path;
            path.addRect(rects[i]);
            drawPath(path);
            continue;
        }
        QRectF rect = rects[i].normalized().translated(m_transform.dx(), m_transform.dy());
        if (m_clip.isSet) {
            rect = rect.intersected(m_clip.bounds);
        }
        if (!rect.isEmpty()) {
            if (!m_pending.path.isEmpty()) {
                flush();
            }
            m_fills.push_back({rect, colour, m_isSmooth});
        }
    }
}

void SvgEngine::drawLines(const QLineF* lines, int count) {
    if (!hasPen()) {
        return;
    }
    const QByteArray look = strokeLook();
    for (int i = 0; i < count; ++i) {
        const QLineF line = m_transform.map(lines[i]);
        const double margin = penMargin();
        const QRectF bounds =
            QRectF(line.p1(), line.p2()).normalized().adjusted(-margin, -margin, margin, margin);
        if (isOutside(bounds)) {
            continue;
        }
        QByteArray path;
        path += 'M';
        appendNumber(path, line.x1());
        appendNext(path, line.y1());
        if (line.y1() == line.y2()) {
            path += 'H';
            appendNumber(path, line.x2());
        } else if (line.x1() == line.x2()) {
            path += 'V';
            appendNumber(path, line.y2());
        } else {
            path += 'L';
            appendNumber(path, line.x2());
            appendNext(path, line.y2());
        }
        if (needsClip(bounds)) {
            write("<path" + look + " d=\"" + path + "\"/>", bounds);
        } else {
            join(look, path);
        }
    }
}

void SvgEngine::drawPath(const QPainterPath& path) {
    const QPainterPath placed = m_transform.map(path);
    const double margin = penMargin();
    const QRectF bounds = placed.boundingRect().adjusted(-margin, -margin, margin, margin);
    if ((!hasPen() && !hasBrush()) || isOutside(bounds)) {
        return;
    }
    QByteArray look;
    if (hasBrush()) {
        appendColour(look, "fill", m_brush.color(), m_opacity);
        look += placed.fillRule() == Qt::OddEvenFill ? " fill-rule=\"evenodd\"" : "";
    } else {
        look = " fill=\"none\"";
    }
    if (hasPen()) {
        appendPen(look);
    } else if (!m_isSmooth) {
        look += " shape-rendering=\"crispEdges\"";
    }
    QByteArray data;
    appendPath(data, placed);
    write("<path" + look + " d=\"" + data + "\"/>", bounds);
}

void SvgEngine::drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) {
    if (count < 2) {
        return;
    }
    QPainterPath path;
    path.moveTo(points[0]);
    for (int i = 1; i < count; ++i) {
        path.lineTo(points[i]);
    }
    if (mode == PolylineMode) {
        const QBrush brush = std::exchange(m_brush, QBrush(Qt::NoBrush));
        drawPath(path);
        m_brush = brush;
        return;
    }
    path.closeSubpath();
    path.setFillRule(mode == OddEvenMode ? Qt::OddEvenFill : Qt::WindingFill);
    drawPath(path);
}

void SvgEngine::drawTextItem(const QPointF& point, const QTextItem& item) {
    const QRectF local(point.x(), point.y() - item.ascent(), item.width(),
                       item.ascent() + item.descent());
    const QRectF bounds = m_transform.mapRect(local).adjusted(-1, -1, 1, 1);
    if (item.text().trimmed().isEmpty() || isOutside(bounds)) {
        return;
    }
    const QFont font = item.font();
    QByteArray element("<text");
    if (m_isMoved) {
        const QPointF place = m_transform.map(point);
        appendAttribute(element, "x", place.x());
        appendAttribute(element, "y", place.y());
    } else {
        appendAttribute(element, "x", point.x());
        appendAttribute(element, "y", point.y());
        element += transformAttribute();
    }
    const double size = font.pixelSize() > 0 ? font.pixelSize() : font.pointSizeF() * 96 / 72;
    appendAttribute(element, "font-size", size);
    if (font.family() != m_fontFamily) {
        element += " font-family=\"";
        appendEscaped(element, font.family());
        element += '"';
    }
    if (font.weight() >= QFont::DemiBold) {
        element += " font-weight=\"bold\"";
    }
    if (font.italic()) {
        element += " font-style=\"italic\"";
    }
    if (item.text().size() > 1) { // as wide as it was laid out, so that it stays within its bar
        appendAttribute(element, "textLength", item.width());
        element += " lengthAdjust=\"spacingAndGlyphs\"";
    }
    appendColour(element, "fill", m_pen.color(), m_opacity);
    element += '>';
    appendEscaped(element, item.text());
    write(element + "</text>", bounds);
}

void SvgEngine::drawPixmap(const QRectF& rect, const QPixmap& pixmap, const QRectF& source) {
    drawImage(rect, pixmap.toImage(), source, Qt::AutoColor);
}

void SvgEngine::drawImage(const QRectF& rect, const QImage& image, const QRectF& source,
                          Qt::ImageConversionFlags) {
    const QRectF bounds = m_transform.mapRect(rect);
    if (image.isNull() || rect.isEmpty() || isOutside(bounds)) {
        return;
    }
    const QRect part = source.toAlignedRect() & image.rect();
    const QImage shown = part.isEmpty() || part == image.rect() ? image : image.copy(part);
    QByteArray element = imageElement(m_isMoved ? bounds : rect, shown);
    QByteArray more;
    if (m_opacity < 0.999) {
        appendAttribute(more, "opacity", m_opacity);
    }
    if (!m_isSmoothImage) {
        more += kPixelated;
    }
    if (!m_isMoved) {
        more += transformAttribute();
    }
    element.insert(static_cast<qsizetype>(std::strlen("<image")), more);
    write(element, bounds);
}

QByteArray SvgEngine::imageElement(const QRectF& rect, const QImage& image) const {
    QByteArray element("<image");
    appendAttribute(element, "x", rect.x());
    appendAttribute(element, "y", rect.y());
    appendAttribute(element, "width", rect.width());
    appendAttribute(element, "height", rect.height());
    return element + " preserveAspectRatio=\"none\" xlink:href=\"data:image/png;base64," +
           pngOf(image).toBase64() + "\"/>";
}

} // namespace interleave::ui
