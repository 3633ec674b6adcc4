// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/legend_panel.h"

#include "tests/support/recording_sketch.h"

#include <QApplication>
#include <QLabel>
#include <QTest>
#include <QToolButton>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

class LegendPanelTest : public ::testing::Test {
protected:
    LegendPanelTest() {
        state.setRecording(support::sketch("a: RRIIIIII\n"));
        legend.setViewStates({&state});
        legend.resize(900, 60);
        legend.show();
    }
    QToolButton* button(const char* name) const {
        return legend.findChild<QToolButton*>(QLatin1String(name));
    }

    ViewState state;
    LegendPanel legend;
};

TEST_F(LegendPanelTest, HasTheStatesThatOccurAndNoOthers) {
    state.setRecording(support::sketch("a: QRRGG\n"));
    legend.refresh();
    QStringList names;
    for (const auto* each : legend.findChildren<QToolButton*>()) {
        if (each->objectName().startsWith(QLatin1String("legend-"))) {
            names << each->text();
        }
    }
    EXPECT_EQ(names, (QStringList{"queued", "running", "waiting_gil"}));
}

TEST_F(LegendPanelTest, AClickShowsAStateAloneAndASecondShowsAllAgain) {
    QTest::mouseClick(button("legend-waiting_io"), Qt::LeftButton);
    EXPECT_FALSE(state.isHidden(State::WaitingIo));
    EXPECT_TRUE(state.isHidden(State::Running));
    EXPECT_TRUE(button("legend-waiting_io")->isChecked());
    EXPECT_TRUE(button("showAllStates")->isVisible());
    QTest::mouseClick(button("legend-waiting_io"), Qt::LeftButton);
    EXPECT_TRUE(state.hiddenStates().none());
    EXPECT_FALSE(button("legend-waiting_io")->isChecked());
}

TEST_F(LegendPanelTest, TheStateThatIsAloneReportsItsTimeInSight) {
    QTest::mouseClick(button("legend-waiting_io"), Qt::LeftButton);
    auto* report = legend.findChild<QLabel*>(QStringLiteral("stateReport"));
    ASSERT_NE(report, nullptr);
    EXPECT_TRUE(report->isVisible());
    EXPECT_EQ(report->text(), "waiting_io: 6.00 µs, 75 % of what is in sight");
    state.setVisible({0, 4'000});
    EXPECT_TRUE(QTest::qWaitFor([report] {
        return report->text() == "waiting_io: 2.00 µs, 50 % of what is in sight";
    })) << report->text().toStdString();
}

TEST_F(LegendPanelTest, ControlClickHidesOneAndShowAllBringsItBack) {
    QTest::mouseClick(button("legend-running"), Qt::LeftButton, Qt::ControlModifier);
    EXPECT_TRUE(state.isHidden(State::Running));
    EXPECT_FALSE(state.isHidden(State::WaitingIo));
    EXPECT_TRUE(button("showAllStates")->text().contains(QStringLiteral("1 hidden")));
    QTest::mouseClick(button("showAllStates"), Qt::LeftButton);
    EXPECT_TRUE(state.hiddenStates().none());
    EXPECT_FALSE(button("showAllStates")->isVisible());
}

TEST_F(LegendPanelTest, AStateStandsOutWhileThePointerRestsOnIt) {
    QEvent enter(QEvent::Enter);
    QApplication::sendEvent(button("legend-running"), &enter);
    EXPECT_EQ(state.highlightedState(), State::Running);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(button("legend-running"), &leave);
    EXPECT_EQ(state.highlightedState(), std::nullopt);
}

TEST(LegendPanel, ForgetsAViewStateThatIsGone) {
    LegendPanel legend;
    {
        ViewState state;
        state.setRecording(support::sketch("a: RR\n"));
        legend.setViewStates({&state});
    }
    legend.refresh();
    EXPECT_TRUE(legend.findChildren<QToolButton*>().isEmpty());
}

} // namespace
} // namespace interleave::ui
