// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/utilisation/utilisation_view.h"

#include "tests/support/recording_sketch.h"
#include "ui/utilisation/utilisation_painter.h"

#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

class UtilisationWidget : public testing::Test {
protected:
    UtilisationWidget() {
        view.resize(1000, 800);
        state.setRecording(support::demoRecording());
        view.grab();
    }
    QPoint at(double share) {
        const QRectF plot = view.picture().plots.front();
        return {static_cast<int>(plot.left() + share * plot.width()),
                static_cast<int>(plot.center().y())};
    }
    void wheel(Qt::KeyboardModifiers modifiers, int delta) {
        QWheelEvent event(at(0.5), view.mapToGlobal(at(0.5)), {}, {0, delta}, Qt::NoButton,
                          modifiers, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view.viewport(), &event);
    }

    ViewState state;
    UtilisationView view{state};
};

TEST_F(UtilisationWidget, MovesTheSharedCursor) {
    QTest::mouseMove(view.viewport(), at(0.25));
    QMouseEvent move(QEvent::MouseMove, at(0.5), view.mapToGlobal(at(0.5)), Qt::NoButton,
                     Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view.viewport(), &move);
    ASSERT_TRUE(state.hoverTimeNs());
    EXPECT_NEAR(static_cast<double>(*state.hoverTimeNs()),
                static_cast<double>(state.visible().durationNs()) / 2, 1e6);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(view.viewport(), &leave);
    EXPECT_FALSE(state.hoverTimeNs());
}

TEST_F(UtilisationWidget, SelectsTheRangeThatIsDraggedOver) {
    QTest::mousePress(view.viewport(), Qt::LeftButton, {}, at(0.2));
    QMouseEvent move(QEvent::MouseMove, at(0.4), view.mapToGlobal(at(0.4)), Qt::NoButton,
                     Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view.viewport(), &move);
    QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, at(0.4));
    ASSERT_TRUE(state.selectedRange());
    const auto length = static_cast<double>(state.visible().durationNs());
    EXPECT_NEAR(static_cast<double>(state.selectedRange()->durationNs()) / length, 0.2, 0.01);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, at(0.8));
    EXPECT_FALSE(state.selectedRange());
}

TEST_F(UtilisationWidget, ZoomsAtTheCursorWithControlAndPansWithShift) {
    const TimeRange before = state.visible();
    wheel(Qt::ControlModifier, 120);
    const TimeRange zoomed = state.visible();
    EXPECT_LT(zoomed.durationNs(), before.durationNs());
    wheel(Qt::ShiftModifier, -120);
    EXPECT_GT(state.visible().beginNs, zoomed.beginNs);
    EXPECT_EQ(state.visible().durationNs(), zoomed.durationNs());
}

TEST_F(UtilisationWidget, FollowsTheKeysOfTheTimeline) {
    QTest::keyClick(&view, Qt::Key_Plus);
    const TimeRange zoomed = state.visible();
    QTest::keyClick(&view, Qt::Key_Right);
    EXPECT_GT(state.visible().beginNs, zoomed.beginNs);
    QTest::keyClick(&view, Qt::Key_Home);
    EXPECT_GT(state.visible().durationNs(), zoomed.durationNs());
}

TEST_F(UtilisationWidget, DrawsAgainWhenTheVisibleRangeChanges) {
    const TimeRange range{10'000'000, 20'000'000};
    state.setVisible(range);
    EXPECT_EQ(view.picture().scale.range, range);
}

TEST_F(UtilisationWidget, ScrollsWhereThePanelsDontFit) {
    view.resize(800, 300);
    EXPECT_GT(view.picture().scene.size.height(), 300);
}

TEST_F(UtilisationWidget, SaysWhatToDoWithoutARecording) {
    state.setRecording(nullptr);
    EXPECT_THAT(describe(view.picture().scene), testing::HasSubstr("Nothing recorded yet"));
    EXPECT_EQ(view.painter(), nullptr);
}

TEST(UtilisationPainter, PaintsInsideItsRectangleOnly) {
    const UtilisationPainter painter(support::demoRecording(), {0, 60'000'000});
    for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark, ThemeKind::Print}) {
        QImage image(900, 700, QImage::Format_RGB32);
        image.fill(Qt::magenta);
        QPainter canvas(&image);
        painter.paint(canvas, QRectF(50, 50, 800, 600), themeOf(kind));
        canvas.end();
        for (int i = 0; i < 700; ++i) {
            ASSERT_EQ(image.pixelColor(20, i), QColor(Qt::magenta)) << i;
            ASSERT_EQ(image.pixelColor(880, i), QColor(Qt::magenta)) << i;
        }
        EXPECT_FALSE(painter.legend(themeOf(kind)).isEmpty());
    }
}

} // namespace
} // namespace interleave::ui
