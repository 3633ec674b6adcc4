// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/svg_device.h"

#include <QImage>
#include <QPainter>
#include <QSvgRenderer>
#include <functional>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

struct Drawn {
    QByteArray bytes;
    int shapes = 0;
};

Drawn draw(const std::function<void(QPainter&)>& paint, double scale = 1) {
    SvgDevice device({QSizeF(100, 50), scale, QStringLiteral("a < b & \"c\""), QString(),
                      QStringLiteral("DejaVu Sans")});
    QPainter painter(&device);
    paint(painter);
    painter.end();
    return {device.bytes(), device.shapeCount()};
}

QImage rendered(const Drawn& drawn) {
    QImage image(100, 50, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    QSvgRenderer renderer(drawn.bytes);
    EXPECT_TRUE(renderer.isValid()) << drawn.bytes.toStdString();
    renderer.render(&painter);
    return image;
}

TEST(SvgDevice, JoinsNeighboursOfOneColour) {
    const Drawn drawn = draw([](QPainter& painter) {
        for (int x = 0; x < 100; x += 2) {
            painter.fillRect(QRectF(x, 0, 1, 10), Qt::red);
        }
        painter.fillRect(QRectF(0, 20, 100, 1), Qt::blue);
    });
    EXPECT_EQ(drawn.shapes, 2);
    const QImage image = rendered(drawn);
    EXPECT_EQ(image.pixelColor(2, 5), QColor(Qt::red));
    EXPECT_EQ(image.pixelColor(3, 5), QColor(Qt::white));
    EXPECT_EQ(image.pixelColor(50, 20), QColor(Qt::blue));
}

TEST(SvgDevice, KeepsTheOrderOfWhatCoversWhat) {
    const QImage image = rendered(draw([](QPainter& painter) {
        painter.fillRect(QRectF(0, 0, 50, 50), Qt::red);
        painter.fillRect(QRectF(10, 0, 30, 50), Qt::blue);
        painter.fillRect(QRectF(20, 0, 10, 50), Qt::red);
    }));
    EXPECT_EQ(image.pixelColor(5, 25), QColor(Qt::red));
    EXPECT_EQ(image.pixelColor(15, 25), QColor(Qt::blue));
    EXPECT_EQ(image.pixelColor(25, 25), QColor(Qt::red));
}

TEST(SvgDevice, CutsRectanglesAtTheClip) {
    const Drawn drawn = draw([](QPainter& painter) {
        painter.save();
        painter.translate(10, 10);
        painter.setClipRect(QRectF(0, 0, 20, 20), Qt::IntersectClip);
        painter.fillRect(QRectF(-100, -100, 1e6, 1e6), Qt::red);
        painter.fillRect(QRectF(50, 0, 10, 10), Qt::green); // outside: not there at all
        painter.restore();
        painter.fillRect(QRectF(90, 40, 10, 10), Qt::blue);
    });
    EXPECT_EQ(drawn.shapes, 2);
    EXPECT_FALSE(drawn.bytes.contains("clip-path"));
    const QImage image = rendered(drawn);
    EXPECT_EQ(image.pixelColor(9, 15), QColor(Qt::white));
    EXPECT_EQ(image.pixelColor(10, 10), QColor(Qt::red));
    EXPECT_EQ(image.pixelColor(29, 29), QColor(Qt::red));
    EXPECT_EQ(image.pixelColor(30, 15), QColor(Qt::white));
    EXPECT_EQ(image.pixelColor(95, 45), QColor(Qt::blue));
}

TEST(SvgDevice, ClipsWhatReachesBeyondTheClip) {
    const QByteArray bytes = draw([](QPainter& painter) {
                                 painter.setClipRect(QRectF(0, 0, 50, 50));
                                 painter.drawText(QPointF(40, 20), QStringLiteral("long label"));
                                 painter.drawText(QPointF(2, 20), QStringLiteral("in"));
                                 painter.drawText(QPointF(70, 20), QStringLiteral("outside"));
                             }).bytes;
    EXPECT_EQ(bytes.count("<clipPath"), 1);
    EXPECT_EQ(bytes.count("clip-path=\"url(#c1)\""), 1);
    EXPECT_TRUE(bytes.contains(">long label</text>"));
    EXPECT_TRUE(bytes.contains(">in</text>"));
    EXPECT_FALSE(bytes.contains("outside"));
}

TEST(SvgDevice, TextIsEscapedAndAsLongAsItWasLaidOut) {
    const QByteArray bytes = draw([](QPainter& painter) {
                                 QFont font(QStringLiteral("DejaVu Sans"));
                                 font.setPixelSize(12);
                                 painter.setFont(font);
                                 painter.drawText(QPointF(2, 20), QStringLiteral("<a & b>"));
                             }).bytes;
    EXPECT_TRUE(bytes.contains(">&lt;a &amp; b&gt;</text>"));
    EXPECT_TRUE(bytes.contains("<title>a &lt; b &amp; &quot;c&quot;</title>"));
    EXPECT_TRUE(bytes.contains("textLength="));
    EXPECT_TRUE(bytes.contains("font-size=\"12\""));
}

TEST(SvgDevice, AnImageIsPlacedExactlyAndKeepsItsPixels) {
    QImage picture(40, 8, QImage::Format_ARGB32);
    picture.fill(Qt::transparent);
    picture.setPixelColor(3, 2, Qt::red); // one rare pixel
    const Drawn drawn = draw(
        [&](QPainter& painter) {
            EXPECT_EQ(painter.deviceTransform().m11(), 2);
            painter.translate(10, 10);
            painter.drawImage(QRectF(0, 0, 20, 4), picture, QRectF(0, 0, 40, 8));
            painter.drawImage(QRectF(50, 0, 1, 1), picture, QRectF(3, 2, 1, 1));
        },
        2);
    EXPECT_TRUE(drawn.bytes.contains(" x=\"10\" y=\"10\" width=\"20\" height=\"4\""));
    EXPECT_TRUE(drawn.bytes.contains("image-rendering:pixelated"));
    const qsizetype at = drawn.bytes.indexOf("base64,") + 7;
    const QImage embedded = QImage::fromData(
        QByteArray::fromBase64(drawn.bytes.mid(at, drawn.bytes.indexOf('"', at) - at)), "PNG");
    EXPECT_EQ(embedded.size(), picture.size());
    EXPECT_EQ(embedded.pixelColor(3, 2), QColor(Qt::red));
    EXPECT_EQ(rendered(drawn).pixelColor(60, 10), QColor(Qt::red)) << "only the part asked for";
}

TEST(SvgDevice, UnitsStayThePaintersWhateverTheScale) {
    const auto paint = [](QPainter& painter) {
        painter.fillRect(QRectF(1, 2, 3, 4), Qt::red);
        painter.drawLine(QPointF(0, 0), QPointF(10, 10));
        painter.translate(5, 5);
        painter.drawPolygon(QPolygonF({{0, 0}, {4, 0}, {0, 4}}));
    };
    EXPECT_EQ(draw(paint, 1).bytes, draw(paint, 3.125).bytes);
}

} // namespace
} // namespace interleave::ui
