// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/snapshot_pacing.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

using namespace std::chrono_literals;

TEST(SnapshotPacing, CostsAtMostATwentiethOfACore) {
    for (const std::chrono::nanoseconds cost : {1ms, 4ms, 30ms, 50ms}) {
        EXPECT_LE(cost * 20, snapshotInterval(cost)) << cost.count();
    }
}

TEST(SnapshotPacing, IsNoShorterThanAnEyeNeeds) {
    EXPECT_EQ(snapshotInterval(1us), 50ms);
}

} // namespace
} // namespace interleave::ui
