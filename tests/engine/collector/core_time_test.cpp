// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/core_time.h"
#include "tests/engine/collector/session_text.h"

#include <gmock/gmock.h>

namespace interleave::collector {
namespace {

CoreTime paired(std::string_view events, Oddities& oddities) {
    return pairSwitches(streamsOf("stream kernel k tid 99\n" + std::string(events), kitchen()),
                        20 * kUnitNs, oddities);
}

TEST(PairSwitches, TakesAThreadThatFirstLeavesToHaveBeenThere) {
    Oddities oddities;
    const CoreTime cores = paired("5 out 10 0", oddities);
    ASSERT_EQ(cores.byThread.at(10).size(), 1u);
    EXPECT_LT(cores.byThread.at(10)[0].range.beginNs, -1'000'000'000'000);
    EXPECT_EQ(cores.byThread.at(10)[0].range.endNs, 5 * kUnitNs);
    EXPECT_EQ(oddities.unpairedSwitches, 0u);
}

TEST(PairSwitches, BoundsALostDepartureByTheNextThreadOnTheCore) {
    Oddities oddities;
    const CoreTime cores = paired("1 in 10 0\n4 in 11 0\n6 out 11 0", oddities);
    EXPECT_EQ(cores.byThread.at(10)[0].range, (TimeRange{kUnitNs, 4 * kUnitNs}));
    EXPECT_FALSE(cores.byThread.at(10)[0].isEndSeen);
    EXPECT_EQ(oddities.unpairedSwitches, 1u);
}

TEST(PairSwitches, IsNeverOnTwoCoresAtOnce) {
    Oddities oddities;
    const CoreTime cores = paired("1 in 10 0\n3 in 10 1\n5 out 10 1", oddities);
    const auto& slices = cores.byThread.at(10);
    ASSERT_EQ(slices.size(), 2u);
    EXPECT_EQ(slices[0].range.endNs, slices[1].range.beginNs);
    EXPECT_EQ(slices[1].core, 1);
}

TEST(PairSwitches, EndsAtTheEndWhoIsStillThere) {
    Oddities oddities;
    const CoreTime cores = paired("1 in 10 0", oddities);
    EXPECT_EQ(cores.byThread.at(10)[0].range.endNs, 20 * kUnitNs);
    EXPECT_EQ(oddities.unpairedSwitches, 0u);
}

TEST(PairSwitches, CountsLostSwitches) {
    Oddities oddities;
    const CoreTime cores = paired("1 in 10 0\n3 lost 7 0\n5 in 10 0\n6 out 10 0", oddities);
    EXPECT_EQ(cores.lostSwitches, 7u);
    EXPECT_EQ(cores.byThread.at(10)[0].range.endNs, 3 * kUnitNs);
}

TEST(PairSwitches, OrdersTheEventsOfSeveralCores) {
    Oddities oddities;
    const CoreTime cores = paired("1 in 10 0\n2 out 10 0\n5 in 10 0\n6 out 10 0\n"
                                  "3 in 10 1\n4 out 10 1",
                                  oddities);
    EXPECT_EQ(cores.byThread.at(10).size(), 3u);
    EXPECT_EQ(oddities.unpairedSwitches, 0u);
}

} // namespace
} // namespace interleave::collector
