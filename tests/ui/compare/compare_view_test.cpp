// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_view.h"

#include "tests/support/recording_sketch.h"
#include "tests/ui/compare/compare_runs.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

class CompareWidget : public testing::Test {
protected:
    CompareWidget() {
        view.resize(1280, 800);
        view.setRecordings({support::sketch("a: RRRRRRd\n"), support::demoRecording()});
        view.grab();
    }

    ViewState state;
    CompareView view{state};
};

TEST_F(CompareWidget, ShowsTheWholeOfTheLongestRun) {
    EXPECT_GE(view.timeState().visible().endNs, support::demoRecording()->range.endNs);
    EXPECT_EQ(view.picture().plots.size(), 2U);
}

TEST_F(CompareWidget, SharesTheCursorBothWays) {
    state.setHoverTimeNs(5'000'000);
    EXPECT_EQ(view.timeState().hoverTimeNs(), 5'000'000);
    const QPointF place = view.picture().plots[1].center();
    QMouseEvent move(QEvent::MouseMove, place, view.mapToGlobal(place), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(view.viewport(), &move);
    ASSERT_TRUE(state.hoverTimeNs());
    EXPECT_GT(*state.hoverTimeNs(), 5'000'000);
}

TEST_F(CompareWidget, FollowsTheTheme) {
    state.setTheme(ThemeKind::Dark);
    EXPECT_EQ(view.timeState().theme().kind, ThemeKind::Dark);
}

TEST_F(CompareWidget, SortsByAClickOnAHeading) {
    const double x = view.picture().scale.rightPx() + 40;
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPointF(x, 10).toPoint());
    EXPECT_EQ(view.sort(), CompareSort::Total);
}

TEST_F(CompareWidget, TellsWhichRunWasClicked) {
    QSignalSpy spy(&view, &CompareView::runChosen);
    const QRectF plot = view.picture().plots[1];
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                      QPointF(20, plot.center().y()).toPoint());
    ASSERT_EQ(spy.count(), 1);
    EXPECT_EQ(spy[0][0].toInt(), 1);
}

TEST_F(CompareWidget, TellsTheMedianRunOfAGroupWhoseNameWasClicked) {
    view.setRecordings(repeatedRuns());
    view.grab();
    QSignalSpy spy(&view, &CompareView::runChosen);
    const auto names = view.picture().scene.items;
    const auto name = std::ranges::find_if(names, [](const chart::Item& item) {
        const auto* const text = std::get_if<chart::Text>(&item);
        return text != nullptr && text->font == chart::Font::Strong &&
               text->text == QStringLiteral("threads");
    });
    ASSERT_NE(name, names.end());
    const QRectF place = std::get<chart::Text>(*name).rect;
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, place.center().toPoint());
    ASSERT_EQ(spy.count(), 1);
    EXPECT_EQ(spy[0][0].toInt(), 3);
}

TEST_F(CompareWidget, SaysWhatToDoWithoutRuns) {
    view.setRecordings({});
    EXPECT_THAT(describe(view.picture().scene), testing::HasSubstr("Nothing to compare yet"));
    EXPECT_EQ(view.painter(), nullptr);
}

} // namespace
} // namespace interleave::ui
