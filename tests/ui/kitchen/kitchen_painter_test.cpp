// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_painter.h"

#include "tests/support/busy_kitchen.h"
#include "tests/support/recording_sketch.h"
#include "ui/kitchen/kitchen_figures.h"
#include "ui/theme/contrast.h"

#include <QImage>
#include <QPainter>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

QImage picture(const ViewPainter& view, QSize size, ThemeKind kind) {
    const Theme theme = themeOf(kind);
    QImage image(size, QImage::Format_RGB32);
    image.fill(theme.background);
    QPainter painter(&image);
    view.paint(painter, image.rect(), theme);
    return image;
}

TEST(KitchenPainter, PaintsTheMomentThatIsAskedFor) {
    const auto kitchen = std::make_shared<const analysis::Kitchen>(support::busyKitchen());
    KitchenPainter view(kitchen, kitchen->recording()->range, 10'000'000);
    const QImage early = picture(view, {1000, 600}, ThemeKind::Light);
    EXPECT_EQ(picture(view, {1000, 600}, ThemeKind::Light), early);
    view.setMoment(60'000'000);
    EXPECT_NE(picture(view, {1000, 600}, ThemeKind::Light), early);
    EXPECT_NE(picture(view, {1000, 600}, ThemeKind::Dark),
              picture(view, {1000, 600}, ThemeKind::Light));
}

TEST(KitchenPainter, StaysWithinItsRectangleAndKeepsThePainterAsItWas) {
    const auto kitchen = std::make_shared<const analysis::Kitchen>(support::busyKitchen());
    const KitchenPainter view(kitchen, kitchen->recording()->range);
    QImage image(700, 500, QImage::Format_RGB32);
    image.fill(Qt::magenta);
    QPainter painter(&image);
    const QTransform before = painter.transform();
    view.paint(painter, QRectF(50, 50, 600, 400), themeOf(ThemeKind::Light));
    EXPECT_EQ(painter.transform(), before);
    painter.end();
    for (int x = 0; x < 700; ++x) {
        ASSERT_EQ(image.pixelColor(x, 20), QColor(Qt::magenta)) << x;
        ASSERT_EQ(image.pixelColor(x, 480), QColor(Qt::magenta)) << x;
    }
}

TEST(KitchenPainter, HasALegendOfWhatOccurs) {
    const auto recording = support::sketch("w0: RRII\n"
                                           "a: RRIId\n"
                                           "a/worker: 0000\n");
    const auto kitchen = std::make_shared<const analysis::Kitchen>(recording);
    const KitchenPainter cooking(kitchen, recording->range, 0);
    ASSERT_EQ(cooking.legend(themeOf(ThemeKind::Light)).size(), 1);
    EXPECT_EQ(cooking.legend(themeOf(ThemeKind::Light)).front().state, State::Running);
    const KitchenPainter busiest(kitchen, recording->range);
    EXPECT_FALSE(busiest.legend(themeOf(ThemeKind::Light)).isEmpty());
}

TEST(KitchenPainter, SaysSoWhereNobodyWorks) {
    const auto kitchen = std::make_shared<const analysis::Kitchen>(support::sketch("a: RRd\n"));
    const KitchenPainter view(kitchen, kitchen->recording()->range);
    EXPECT_GT(view.preferredSize().height(), 100);
    QImage blank(600, 300, QImage::Format_RGB32);
    blank.fill(themeOf(ThemeKind::Light).background);
    EXPECT_NE(picture(view, {600, 300}, ThemeKind::Light), blank);
    EXPECT_TRUE(view.legend(themeOf(ThemeKind::Light)).isEmpty());
}

TEST(KitchenColours, LetTextBeReadOnFloorsAndWalls) {
    for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark, ThemeKind::Print}) {
        const Theme theme = themeOf(kind);
        const KitchenColours colours = kitchenColours(theme);
        for (const QColor& behind : {colours.floor, colours.wall, colours.tile}) {
            EXPECT_GE(contrastRatio(theme.text, behind), 4.5);
            EXPECT_GE(contrastRatio(theme.mutedText, behind), 4.5);
        }
        EXPECT_GE(contrastRatio(inkOn(colours.paper), colours.paper), 4.5);
        EXPECT_GE(contrastRatio(inkOn(colours.steel), colours.steel), 4.5);
        EXPECT_GE(contrastRatio(colours.ink, colours.paper), 3) << "small signs";
    }
}

} // namespace
} // namespace interleave::ui
