// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/breadcrumb.h"

#include "tests/support/recording_sketch.h"
#include "ui/view_state/time_navigation.h"

#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class BreadcrumbTest : public ::testing::Test {
protected:
    BreadcrumbTest() {
        state.setRecording(support::sketch("a: " + std::string(100, 'R') + "\n"));
        crumbs.show();
    }
    ViewState state;
    Breadcrumb crumbs{state};
};

TEST_F(BreadcrumbTest, SaysHowLongEachRangeOnTheWayIs) {
    EXPECT_EQ(crumbs.texts(), (QStringList{"Full 100 µs"}));
    state.setVisible({10'000, 50'000});
    state.setVisible({20'000, 22'000});
    EXPECT_EQ(crumbs.texts(), (QStringList{"Full 100 µs", "40.0 µs", "2.00 µs"}));
}

TEST_F(BreadcrumbTest, AClickLeadsBackAndCanBeUndone) {
    state.setVisible({10'000, 50'000});
    state.setVisible({20'000, 22'000});
    QTest::mouseClick(&crumbs.button(1), Qt::LeftButton);
    EXPECT_EQ(state.visible(), (TimeRange{10'000, 50'000}));
    EXPECT_EQ(crumbs.texts(), (QStringList{"Full 100 µs", "40.0 µs"}));
    state.goBack();
    EXPECT_EQ(state.visible(), (TimeRange{20'000, 22'000}));
    QTest::mouseClick(&crumbs.button(0), Qt::LeftButton);
    EXPECT_EQ(state.visible(), fittedView({0, 100'000}));
}

TEST_F(BreadcrumbTest, OfALongWayTheEndsAreShown) {
    for (const Nanoseconds length : {60'000, 30'000, 15'000, 7'000, 3'000, 1'000, 400}) {
        state.setVisible({10'000, 10'000 + length});
    }
    const QStringList texts = crumbs.texts();
    ASSERT_EQ(texts.size(), 5);
    EXPECT_EQ(texts.first(), QStringLiteral("Full 100 µs"));
    EXPECT_EQ(texts.last(), QStringLiteral("400 ns"));
    QTest::mouseClick(&crumbs.button(3), Qt::LeftButton);
    EXPECT_EQ(state.visible().durationNs(), 1'000);
}

TEST_F(BreadcrumbTest, IsEmptyWithoutARecording) {
    state.setRecording(nullptr);
    EXPECT_TRUE(crumbs.texts().isEmpty());
}

} // namespace
} // namespace interleave::ui
