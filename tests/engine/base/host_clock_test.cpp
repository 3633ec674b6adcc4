// SPDX-License-Identifier: GPL-3.0-or-later
// Clocks whose offset and drift are known, heard through networks whose delays are random.
#include "engine/base/host_clock.h"

#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

namespace interleave {
namespace {

/// A host whose clock shows `aheadNs` more than ours and gains `ppm`.
struct Host {
    Nanoseconds aheadNs = 0;
    double ppm = 0;

    Nanoseconds stampAt(Nanoseconds ours) const {
        return ours + aheadNs + static_cast<Nanoseconds>(static_cast<double>(ours) * ppm * 1e-6);
    }
};

/// At least 0.3 ms, 2 ms more on average.
class Network {
public:
    Nanoseconds delay() { return static_cast<Nanoseconds>(3e5 + 2e6 * m_exponential(m_random)); }

private:
    std::mt19937 m_random{7};
    std::exponential_distribution<double> m_exponential{1.0};
};

TEST(HostClock, TruthLiesWithinTheErrorThatIsShown) {
    for (const Host host : {Host{0, 0}, Host{12'300 * kMs, 40}, Host{-3600 * kSecond, -55}}) {
        HostClock clock;
        Network network;
        for (Nanoseconds now = kSecond; now < 300 * kSecond; now += kSecond / 5) {
            clock.heard(host.stampAt(now), now + network.delay());
            if (now % (10 * kSecond) == 0) {
                const Nanoseconds answer = now + network.delay();
                clock.heard(host.stampAt(answer), answer + network.delay(), now);
            }
            if (now < 11 * kSecond) {
                continue;
            }
            const ClockEstimate estimate = clock.estimate();
            ASSERT_TRUE(estimate.errorNs);
            const Nanoseconds wrong = std::abs(clock.monotonicOf(host.stampAt(now)) - now);
            ASSERT_LE(wrong, *estimate.errorNs + kMs / 10) << "at " << now;
        }
        const ClockEstimate estimate = clock.estimate();
        EXPECT_LT(*estimate.errorNs, 4 * kMs);
        EXPECT_NEAR(estimate.drift * 1e6, -host.ppm, 8.0);
        EXPECT_EQ(estimate.steps, 0);
    }
}

TEST(HostClock, WithoutAnAnswerTheErrorIsNotKnown) {
    HostClock clock;
    const Host host{5 * kSecond, 0};
    clock.heard(host.stampAt(kSecond), kSecond + 7 * kMs);
    clock.heard(host.stampAt(2 * kSecond), 2 * kSecond + 2 * kMs);
    const ClockEstimate estimate = clock.estimate();
    EXPECT_FALSE(estimate.errorNs);
    // The fastest one counts; how fast it was can't be told from the clock being behind.
    EXPECT_NEAR(static_cast<double>(estimate.offsetNs), -4998.0 * kMs, 0.2 * kMs);
}

TEST(HostClock, ClockThatIsSetIsNoticedAndFollowed) {
    for (const Nanoseconds step : {-90 * kSecond, 90 * kSecond}) {
        HostClock clock;
        Network network;
        Host host{kSecond, 0};
        for (Nanoseconds now = kSecond; now < 120 * kSecond; now += kSecond) {
            if (now == 60 * kSecond) {
                host.aheadNs += step;
            }
            const Nanoseconds answer = now + network.delay();
            clock.heard(host.stampAt(answer), answer + network.delay(), now);
        }
        EXPECT_EQ(clock.estimate().steps, 1);
        EXPECT_LT(std::abs(clock.monotonicOf(host.stampAt(119 * kSecond)) - 119 * kSecond),
                  2 * kMs);
    }
}

} // namespace
} // namespace interleave
