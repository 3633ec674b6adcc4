// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/message_strip.h"

#include <QToolButton>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(MessageStrip, IsSeenOnlyWhileItHasSomethingToSay) {
    MessageStrip strip;
    EXPECT_TRUE(strip.isHidden());
    strip.show(MessageKind::Error, QStringLiteral("It broke."));
    EXPECT_FALSE(strip.isHidden());
    strip.dismissAll();
    EXPECT_TRUE(strip.isHidden());
}

TEST(MessageStrip, KeepsTheNewestAndSaysNothingTwice) {
    MessageStrip strip;
    for (const char* text : {"1", "2", "2", "3", "4"}) {
        strip.show(MessageKind::Note, QString::fromLatin1(text));
    }
    EXPECT_EQ(strip.sentences(), (QStringList{"4", "3", "2"}));
}

TEST(MessageStrip, AMessageCanBeDismissedByItsButton) {
    MessageStrip strip;
    strip.show(MessageKind::Warning, QStringLiteral("Careful."));
    strip.findChildren<QToolButton*>().last()->click();
    EXPECT_EQ(strip.sentences(), QStringList());
}

} // namespace
} // namespace interleave::ui
