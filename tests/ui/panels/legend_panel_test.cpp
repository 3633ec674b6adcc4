// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/legend_panel.h"

#include "tests/support/recording_sketch.h"

#include <QToolButton>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(LegendPanel, HasTheStatesThatOccurAndNoOthers) {
    ViewState state;
    state.setRecording(support::sketch("a: QRRGG\n"));
    LegendPanel legend;
    legend.setViewStates({&state});
    QStringList texts;
    for (const auto* button : legend.findChildren<QToolButton*>()) {
        texts << button->text();
    }
    EXPECT_EQ(texts, (QStringList{"queued", "running", "waiting_gil"}));
}

TEST(LegendPanel, AClickHidesAStateAndASecondShowsItAgain) {
    ViewState state;
    state.setRecording(support::sketch("a: RRII\n"));
    LegendPanel legend;
    legend.setViewStates({&state});
    auto* button = legend.findChild<QToolButton*>(QStringLiteral("legend-waiting_io"));
    ASSERT_NE(button, nullptr);
    button->click();
    EXPECT_TRUE(state.isHidden(State::WaitingIo));
    EXPECT_TRUE(button->text().contains("hidden"));
    button->click();
    EXPECT_FALSE(state.isHidden(State::WaitingIo));
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
