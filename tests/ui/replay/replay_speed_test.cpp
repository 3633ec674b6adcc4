// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/replay_speed.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(ReplaySpeed, GoesFromAThousandthToTenfold) {
    EXPECT_DOUBLE_EQ(replaySpeeds().front(), 0.001);
    EXPECT_DOUBLE_EQ(replaySpeeds().back(), 10);
    EXPECT_TRUE(std::ranges::is_sorted(replaySpeeds()));
}

TEST(ReplaySpeed, LetsARunTakeAboutTenSeconds) {
    EXPECT_DOUBLE_EQ(speedFor(100'000'000), 0.01);
    EXPECT_DOUBLE_EQ(speedFor(10'000'000'000), 1);
    EXPECT_DOUBLE_EQ(speedFor(1), 0.001) << "no slower than there is";
    EXPECT_DOUBLE_EQ(speedFor(0), 0.001);
    EXPECT_DOUBLE_EQ(speedFor(1'000'000'000'000), 10);
}

TEST(ReplaySpeed, IsWrittenAsAShareOfRealTime) {
    EXPECT_EQ(speedText(0.001), QStringLiteral("1/1000 ×"));
    EXPECT_EQ(speedText(0.5), QStringLiteral("1/2 ×"));
    EXPECT_EQ(speedText(2), QStringLiteral("2 ×"));
}

} // namespace
} // namespace interleave::ui
