// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/finish_line_axis.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(FinishLineAxis, IsMovedByKeysAndTellsWhereTheFlagStands) {
    FinishLineAxis axis;
    axis.setLength(kSecond);
    QSignalSpy moved(&axis, &FinishLineAxis::flagMoved);
    EXPECT_FALSE(axis.flag());
    QTest::keyClick(&axis, Qt::Key_PageUp);
    EXPECT_EQ(axis.flag(), 100 * kMs);
    QTest::keyClick(&axis, Qt::Key_Right);
    EXPECT_EQ(axis.flag(), 110 * kMs);
    QTest::keyClick(&axis, Qt::Key_Left);
    EXPECT_EQ(axis.flag(), 100 * kMs);
    QTest::keyClick(&axis, Qt::Key_End);
    EXPECT_EQ(axis.flag(), kSecond);
    EXPECT_EQ(moved.count(), 4);
    QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(&axis);
    ASSERT_NE(spoken, nullptr);
    EXPECT_EQ(spoken->text(QAccessible::Name), QStringLiteral("Finish line"));
    EXPECT_EQ(spoken->text(QAccessible::Description), QStringLiteral("1.00 s"));
    EXPECT_NE(spoken->valueInterface(), nullptr);
}

TEST(FinishLineAxis, GrowsForAFlagBeyondItsEnd) {
    FinishLineAxis axis;
    axis.setLength(100 * kMs);
    axis.setFlag(350 * kMs);
    EXPECT_EQ(axis.flag(), 350 * kMs);
    EXPECT_EQ(axis.length(), 400 * kMs);
    axis.setFlag(std::nullopt);
    EXPECT_FALSE(axis.flag());
}

TEST(FinishLineAxis, DrawsTheFlagWhereItStands) {
    FinishLineAxis axis;
    axis.resize(500, 100);
    axis.setLength(kSecond);
    const QColor accent = themeOf(ThemeKind::Light).accent;
    const auto hasAccentNear = [&](int x) {
        const QImage image = axis.grab().toImage();
        for (int at = x - 3; at <= x + 3; ++at) {
            if (image.pixelColor(at, 90) == accent) {
                return true;
            }
        }
        return false;
    };
    EXPECT_FALSE(hasAccentNear(250));
    axis.setFlag(kSecond / 2);
    EXPECT_TRUE(hasAccentNear(250));
}

} // namespace
} // namespace interleave::ui
