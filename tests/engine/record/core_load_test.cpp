// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/time.h"
#include "engine/record/core_load.h"

#include <gtest/gtest.h>

namespace interleave::record {

namespace {

/// /proc/stat of two cores with so many ticks of idle time.
std::string stat(int idle0, int idle1) {
    return "cpu  0 0 0 " + std::to_string(idle0 + idle1) + " 0 0 0 0 0 0\n" + "cpu0 7 0 9 " +
           std::to_string(idle0) + " 0 0 0 0 0 0\ncpu1 7 0 9 " + std::to_string(idle1) +
           " 0 0 0 0 0 0\nintr 1 2 3\n";
}

} // namespace

TEST(CoreLoad, IsBusyTimeLessOurs) {
    CoreLoad load(100);
    EXPECT_TRUE(load.sample(stat(0, 0), 0, {0, 0}).empty());
    // In a second core 0 was idle for 0.4 s and ours for 0.1 s; core 1 all ours.
    const auto values = load.sample(stat(40, 0), 1000 * kMs, {100 * kMs, 1000 * kMs});
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].core, 0);
    EXPECT_EQ(values[0].othersPerMille, 490); // 500 less the step of 10 ms
    EXPECT_EQ(values[1].othersPerMille, 0);
}

TEST(CoreLoad, ShowsNobodyWhereOnlyTheStepOfTheKernelJumps) {
    CoreLoad load(100);
    load.sample(stat(0, 0), 0, {});
    // Idle all the time; the ticks come up to 10 ms late.
    int idle = 0;
    for (int ms = 7; ms < 1000; ms += 7) {
        idle = ms / 10;
        for (const auto& value : load.sample(stat(idle, idle), ms * kMs, {})) {
            ASSERT_EQ(value.othersPerMille, 0) << "after " << ms << " ms";
        }
    }
}

TEST(CoreLoad, AddsUpToTheLoadInTheLongRun) {
    CoreLoad load(100);
    load.sample(stat(0, 0), 0, {});
    std::int64_t sum = 0;
    for (int ms = 50; ms <= 5000; ms += 50) { // one half others, one quarter ours
        sum += load.sample(stat(ms / 40, 0), ms * kMs, {ms * kMs / 4, 0})[0].othersPerMille * 50;
    }
    EXPECT_NEAR(static_cast<double>(sum) / 5'000'000, 0.5, 0.005);
}

TEST(CoreLoad, OutlivesNonsense) {
    CoreLoad load(0);
    EXPECT_TRUE(load.sample("", 0, {}).empty());
    EXPECT_TRUE(load.sample("cpu\ncpux 1\ncpu0\n", 0, {}).empty());
    EXPECT_EQ(load.sample("cpu0 1 2 3 18446744073709551615 9", 0, {}).size(), 1u);
}

} // namespace interleave::record
