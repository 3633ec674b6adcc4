// SPDX-License-Identifier: GPL-3.0-or-later
// SvgEngine: what QPainter calls, as elements of an SVG file. Only svg_device.cpp makes one.
#pragma once

#include <QByteArray>
#include <QPaintEngine>
#include <QPainterPath>
#include <QTransform>

#include <vector>

namespace interleave::ui {

class SvgEngine : public QPaintEngine {
public:
    /// `deviceScale` is the device's pixel ratio, which the painter multiplies everything by.
    SvgEngine(QString fontFamily, double deviceScale);

    const QByteArray& body() const { return m_body; }
    int shapeCount() const { return m_shapes; }

    bool begin(QPaintDevice* device) override;
    bool end() override;
    Type type() const override { return User; }
    void updateState(const QPaintEngineState& now) override;
    using QPaintEngine::drawLines;
    using QPaintEngine::drawPolygon;
    using QPaintEngine::drawRects;
    void drawRects(const QRectF* rects, int count) override;
    void drawLines(const QLineF* lines, int count) override;
    void drawPath(const QPainterPath& path) override;
    void drawPolygon(const QPointF* points, int count, PolygonDrawMode mode) override;
    void drawTextItem(const QPointF& point, const QTextItem& item) override;
    void drawPixmap(const QRectF& rect, const QPixmap& pixmap, const QRectF& source) override;
    void drawImage(const QRectF& rect, const QImage& image, const QRectF& source,
                   Qt::ImageConversionFlags flags) override;

private:
    /// A rectangle of one colour, cut at the clip.
    struct Fill {
        QRectF rect;
        QColor colour; // with the painter's opacity
        bool isSmooth;
    };
    /// Lines that wait for more of the same look, as path data.
    struct Pending {
        QByteArray look; // the attributes that they share
        QByteArray path;
    };
    struct Clip {
        bool isSet = false;
        bool isRect = false;
        QRectF bounds;
        QPainterPath path; // unless isRect
    };

    void updateClip(const QPaintEngineState& now);
    void intersectClip(const QPainterPath& path);
    bool hasPen() const;
    bool hasBrush() const;
    QByteArray strokeLook() const;
    void appendPen(QByteArray& look) const;
    double penMargin() const;
    bool isOutside(const QRectF& bounds) const;
    bool needsClip(const QRectF& bounds) const;
    void join(const QByteArray& look, const QByteArray& path);
    void flush();
    void flushFills();
    /// Fills as paths, neighbours of one colour in one; returns how many paths.
    int appendFills(QByteArray& out) const;
    void appendFillsAsImage();
    QByteArray imageElement(const QRectF& rect, const QImage& image) const;
    /// Writes an element, within the clip where `bounds` reaches beyond it.
    void write(const QByteArray& element, const QRectF& bounds);
    QByteArray transformAttribute() const;
    QByteArray clipReference();

    QString m_fontFamily;
    double m_deviceScale;
    QByteArray m_body;
    int m_shapes = 0;
    Pending m_pending;
    std::vector<Fill> m_fills;
    QTransform m_transform;
    bool m_isMoved = true; // m_transform only moves
    QPen m_pen;
    QBrush m_brush;
    double m_opacity = 1;
    bool m_isSmooth = false;
    bool m_isSmoothImage = false;
    Clip m_clip;
    QByteArray m_clipData; // path data of the clip that was written last
    int m_clipCount = 0;
};

} // namespace interleave::ui
