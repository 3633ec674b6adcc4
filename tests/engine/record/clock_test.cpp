// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/clock.h"

#include <gtest/gtest.h>

namespace interleave::record {

TEST(Clock, TakesTheTscOnlyIfEveryProcessorHasBothFlags) {
    EXPECT_TRUE(hasInvariantTsc("processor\t: 0\nflags\t\t: fpu constant_tsc sse nonstop_tsc\n"
                                "processor\t: 1\nflags\t\t: constant_tsc nonstop_tsc\n"));
    EXPECT_FALSE(hasInvariantTsc("flags : constant_tsc nonstop_tsc\nflags : constant_tsc\n"));
    EXPECT_FALSE(hasInvariantTsc("flags : constant_tsc_ nonstop_tsc\n"));
    EXPECT_FALSE(hasInvariantTsc("flags\n"));
    EXPECT_FALSE(hasInvariantTsc(""));
}

TEST(Clock, NeverRunsBackwards) {
    const Clock clock = Clock::start();
    std::uint64_t last = clock.read();
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t now = clock.read();
        ASSERT_GE(now, last);
        last = now;
    }
    EXPECT_GE(last, clock.origin.ticks);
}

TEST(Clock, FindsTheStampOfAMoment) {
    const Clock clock = Clock::start();
    // Between two readings of the one clock lies a moment of the other.
    std::uint64_t error = ~std::uint64_t{0};
    for (int i = 0; i < 20; ++i) {
        const std::uint64_t before = clock.read() - clock.origin.ticks;
        const std::int64_t moment = monotonicNow();
        const std::uint64_t after = clock.read() - clock.origin.ticks;
        const std::uint64_t stamp = clock.stampOfMonotonic(moment);
        const std::uint64_t off = stamp < before  ? before - stamp
                                  : stamp > after ? stamp - after
                                                  : 0;
        error = std::min(error, off);
    }
    EXPECT_LT(static_cast<double>(error) * clock.nsPerTick, 2'000.0); // ns, on a busy machine
    EXPECT_EQ(clock.stampOfMonotonic(clock.origin.monotonicNs - 1), 0u);
}

TEST(Clock, CountsNanosecondsWhereThereIsNoTsc) {
    Clock clock;
    clock.kind = ClockKind::Monotonic;
    clock.origin = clock.readAnchor();
    EXPECT_EQ(clock.origin.ticks, static_cast<std::uint64_t>(clock.origin.monotonicNs));
    EXPECT_EQ(clock.stampOfMonotonic(clock.origin.monotonicNs + 123), 123u);
    EXPECT_GE(clock.read(), clock.origin.ticks);
}

} // namespace interleave::record
