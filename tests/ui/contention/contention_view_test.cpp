// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/contention/contention_view.h"

#include "tests/support/recording_sketch.h"
#include "ui/contention/contention_painter.h"

#include <QMouseEvent>
#include <QSignalSpy>
#include <QTest>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

class ContentionWidget : public testing::Test {
protected:
    ContentionWidget() {
        view.resize(1280, 800);
        state.setRecording(support::demoRecording());
        view.grab();
    }

    ViewState state;
    ContentionView view{state};
};

TEST_F(ContentionWidget, ChoosesALockByItsRow) {
    const ObjectId before = view.chosenLock();
    QSignalSpy spy(&view, &ContentionView::lockChosen);
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(30, 52));
    EXPECT_NE(view.chosenLock(), before);
    EXPECT_EQ(spy.count(), 1);
    EXPECT_THAT(describe(view.picture().scene), testing::HasSubstr("Who holds stove"));
}

TEST_F(ContentionWidget, KeepsTheChosenLockWhenTheViewMoves) {
    view.chooseLock(ObjectId{2});
    state.setVisible({10'000'000, 20'000'000});
    EXPECT_EQ(view.chosenLock(), ObjectId{2});
    EXPECT_EQ(view.picture().scale.range, (TimeRange{10'000'000, 20'000'000}));
}

TEST_F(ContentionWidget, MovesTheSharedCursor) {
    const QRectF strip = view.picture().plots.front();
    const QPointF middle = strip.center();
    QMouseEvent move(QEvent::MouseMove, middle, view.mapToGlobal(middle), Qt::NoButton,
                     Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view.viewport(), &move);
    EXPECT_TRUE(state.hoverTimeNs());
}

TEST_F(ContentionWidget, SaysThatNoLockWasUsed) {
    state.setRecording(support::sketch("a: RRRRd\n"));
    EXPECT_THAT(describe(view.picture().scene), testing::HasSubstr("No lock was used in this run"));
    ASSERT_NE(view.painter(), nullptr);
    EXPECT_TRUE(view.painter()->legend(themeOf(ThemeKind::Light)).isEmpty());
    state.setRecording(nullptr);
    EXPECT_THAT(describe(view.picture().scene), testing::HasSubstr("Nothing recorded yet"));
}

TEST(ContentionPainter, NamesInTheLegendWhatOccurs) {
    const ContentionPainter painter(support::demoRecording(), {0, 60'000'000});
    QStringList texts;
    for (const LegendEntry& entry : painter.legend(themeOf(ThemeKind::Print))) {
        texts << entry.text;
    }
    EXPECT_TRUE(texts.join(u'|').contains("forced hand-over"));
    EXPECT_TRUE(texts.join(u'|').contains("not on a core"));
}

} // namespace
} // namespace interleave::ui
