// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_keys.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(GanttKeys, ArePlacedNotLettered) {
    // A French keyboard has Z where W is meant, and types W where nothing is meant.
    EXPECT_EQ(actionFor({Qt::Key_Z, 25, {}}), GanttAction::ZoomIn);
    EXPECT_EQ(actionFor({Qt::Key_Q, 38, {}}), GanttAction::PanLeft);
    EXPECT_EQ(actionFor({Qt::Key_W, 52, {}}), std::nullopt);
}

TEST(GanttKeys, GoByLetterWithoutScanCodes) {
    EXPECT_EQ(actionFor({Qt::Key_W, 0, {}}), GanttAction::ZoomIn);
    EXPECT_EQ(actionFor({Qt::Key_S, 0, {}}), GanttAction::ZoomOut);
    EXPECT_EQ(actionFor({Qt::Key_A, 0, {}}), GanttAction::PanLeft);
    EXPECT_EQ(actionFor({Qt::Key_D, 0, {}}), GanttAction::PanRight);
}

TEST(GanttKeys, LeaveTheProgramsShortcutsAlone) {
    EXPECT_EQ(actionFor({Qt::Key_S, 39, Qt::ControlModifier}), std::nullopt);
    EXPECT_EQ(actionFor({Qt::Key_F, 41, Qt::ControlModifier}), std::nullopt);
    EXPECT_EQ(actionFor({Qt::Key_0, 19, Qt::ControlModifier}), std::nullopt);
}

TEST(GanttKeys, PunctuationHasASecondBinding) {
    EXPECT_EQ(actionFor({Qt::Key_Period, 60, {}}), GanttAction::NextSpan);
    EXPECT_EQ(actionFor({Qt::Key_Period, 59, Qt::ShiftModifier}), GanttAction::NextSpan);
    EXPECT_EQ(actionFor({Qt::Key_Right, 114, Qt::ControlModifier}), GanttAction::NextSpan);
    EXPECT_EQ(actionFor({Qt::Key_BracketRight, 35, {}}), GanttAction::FollowLink);
    EXPECT_EQ(actionFor({Qt::Key_Left, 113, Qt::AltModifier}), GanttAction::FollowLinkBack);
    EXPECT_EQ(actionFor({Qt::Key_Right, 114, {}}), GanttAction::PanRight);
    EXPECT_EQ(actionFor({Qt::Key_Right, 114, Qt::ShiftModifier}), GanttAction::ExtendRangeRight);
}

TEST(GanttKeys, EveryCommandIsReachedByTheKeyThatIsShownForIt) {
    for (const GanttCommand& command : ganttCommands()) {
        EXPECT_EQ(actionFor({command.key, command.scanCode, command.modifiers}), command.action)
            << command.text;
    }
}

TEST(GanttKeys, MarksAreKeptWithShift) {
    EXPECT_EQ(actionFor({Qt::Key_M, 58, {}}), GanttAction::Mark);
    EXPECT_EQ(actionFor({Qt::Key_M, 58, Qt::ShiftModifier}), GanttAction::KeepMark);
    EXPECT_EQ(actionFor({Qt::Key_M, 58, Qt::ControlModifier}), std::nullopt);
}

} // namespace
} // namespace interleave::ui
