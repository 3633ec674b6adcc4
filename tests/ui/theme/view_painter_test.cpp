// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/view_painter.h"

#include <QImage>
#include <QPainter>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

QList<LegendEntry> threeEntries() {
    return {{State::Running, {}, QStringLiteral("running")},
            {State::WaitingIo, {}, QStringLiteral("waiting_io")},
            {std::nullopt, QColor(Qt::red), QStringLiteral("a long explanation of a colour")}};
}

TEST(Legend, WrapsWhenThereIsLittleWidth) {
    const Theme theme = themeOf(ThemeKind::Light);
    const double wide = legendHeight(threeEntries(), 1000, theme);
    const double narrow = legendHeight(threeEntries(), 120, theme);
    EXPECT_GT(wide, 10);
    EXPECT_GE(narrow, 3 * wide - 1);
    EXPECT_EQ(legendHeight({}, 1000, theme), 0);
}

TEST(Legend, StaysWithinItsWidth) {
    const Theme theme = themeOf(ThemeKind::Light);
    QImage image(400, 200, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    drawLegend(painter, QRectF(100, 20, 120, 100), threeEntries(), theme);
    painter.end();
    bool hasInk = false;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y) != QColor(Qt::white)) {
                hasInk = true;
                EXPECT_TRUE(x >= 99 && x <= 222) << x << "," << y;
            }
        }
    }
    EXPECT_TRUE(hasInk);
}

} // namespace
} // namespace interleave::ui
