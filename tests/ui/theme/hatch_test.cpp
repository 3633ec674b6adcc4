// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/hatch.h"

#include <QImage>
#include <QPainter>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

constexpr Hatch kHatches[] = {Hatch::Horizontal, Hatch::Diagonal, Hatch::BackDiagonal, Hatch::Cross,
                              Hatch::Dots,       Hatch::Vertical, Hatch::Grid};

QImage hatched(const QRectF& rect, Hatch hatch, QPointF origin) {
    QImage image(120, 60, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    drawHatch(painter, rect, hatch, Qt::black, origin);
    return image;
}

TEST(Hatch, StaysInsideItsBar) {
    const QRect bar(30, 20, 50, 25);
    for (const Hatch hatch : kHatches) {
        const QImage image = hatched(bar, hatch, {7, 3});
        int inked = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const bool isInked = image.pixelColor(x, y).lightness() < 250;
                inked += isInked ? 1 : 0;
                // A line on the edge rounds to the neighbouring pixel.
                EXPECT_TRUE(!isInked || bar.adjusted(-1, -1, 1, 1).contains(x, y)) << x << "," << y;
            }
        }
        EXPECT_GT(inked, 20);
    }
}

TEST(Hatch, IsAnchoredToTheRowNotToTheBar) {
    for (const Hatch hatch : kHatches) {
        const QImage wide = hatched(QRectF(10, 10, 100, 40), hatch, {0, 0});
        const QImage narrow = hatched(QRectF(43, 10, 40, 40), hatch, {0, 0});
        const QRect inner(48, 14, 30, 30);
        EXPECT_EQ(wide.copy(inner), narrow.copy(inner));
    }
}

TEST(Hatch, IsLeftOutOfNarrowBars) {
    for (const Hatch hatch : kHatches) {
        const QImage image = hatched(QRectF(10, 10, kNarrowestHatchedPx - 0.5, 40), hatch, {0, 0});
        QImage empty(image.size(), image.format());
        empty.fill(Qt::white);
        EXPECT_EQ(image, empty);
    }
}

TEST(Hatch, KindsLookDifferent) {
    for (const Hatch a : kHatches) {
        for (const Hatch b : kHatches) {
            if (a < b) {
                EXPECT_NE(hatched(QRectF(10, 10, 80, 40), a, {0, 0}),
                          hatched(QRectF(10, 10, 80, 40), b, {0, 0}));
            }
        }
    }
}

} // namespace
} // namespace interleave::ui
