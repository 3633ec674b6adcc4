// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/task_queue/reserve.h"

#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using Place = Reserve::Place;

Job jobAt(Nanoseconds notBeforeNs, double ratePerSecond = 0, std::size_t templateIndex = 0) {
    Job job;
    job.notBeforeNs = notBeforeNs;
    job.ratePerSecond = ratePerSecond;
    job.templateIndex = templateIndex;
    return job;
}

TEST(TokenBucket, GivesOneTokenAGapAndSavesNoMoreThanOne) {
    TokenBucket bucket(100); // every 10 ms
    EXPECT_TRUE(bucket.take(1000 * kMs));
    EXPECT_FALSE(bucket.take(1009 * kMs));
    EXPECT_TRUE(bucket.take(1010 * kMs));
    EXPECT_TRUE(bucket.take(5000 * kMs));
    EXPECT_FALSE(bucket.take(5000 * kMs)) << "a long pause does not allow a burst";
    EXPECT_EQ(bucket.readyNs(), 5010 * kMs);
}

TEST(Reserve, GivesWhatIsReadyInTheOrderInWhichItCame) {
    Reserve reserve;
    Job first = jobAt(0);
    Job second = jobAt(5);
    EXPECT_EQ(reserve.add(first, 10), Place::Ready);
    EXPECT_EQ(reserve.add(second, 10), Place::Ready) << "its time has come";
    EXPECT_EQ(reserve.readyCount(), 2u);
    EXPECT_EQ(reserve.take(10), &first);
    EXPECT_EQ(reserve.take(10), &second);
    EXPECT_EQ(reserve.take(10), nullptr);
}

TEST(Reserve, HoldsACountdownAndCountsItForThePrefetchLimit) {
    Reserve reserve;
    Job later = jobAt(50 * kMs);
    Job soon = jobAt(20 * kMs);
    EXPECT_EQ(reserve.add(later, 0), Place::Later);
    EXPECT_EQ(reserve.add(soon, 0), Place::Later);
    EXPECT_EQ(reserve.laterCount(), 2u);
    EXPECT_EQ(reserve.nextDueNs(), 20 * kMs);
    EXPECT_EQ(reserve.take(19 * kMs), nullptr);
    EXPECT_TRUE(reserve.ripen(19 * kMs).empty());
    const auto ripe = reserve.ripen(20 * kMs);
    ASSERT_EQ(ripe.size(), 1u);
    EXPECT_EQ(ripe.front().first, &soon);
    EXPECT_EQ(ripe.front().second, Place::Ready);
    EXPECT_EQ(reserve.laterCount(), 1u);
    EXPECT_EQ(reserve.take(20 * kMs), &soon);
}

TEST(Reserve, SpacesOneTemplateByItsRateAndLetsOthersPass) {
    Reserve reserve;
    Job limited[3] = {jobAt(0, 100, 7), jobAt(0, 100, 7), jobAt(0, 100, 7)};
    Job other = jobAt(0);
    EXPECT_EQ(reserve.add(limited[0], 1000 * kMs), Place::Ready);
    EXPECT_EQ(reserve.add(limited[1], 1000 * kMs), Place::RateLimited);
    EXPECT_EQ(reserve.add(limited[2], 1000 * kMs), Place::RateLimited);
    reserve.add(other, 1000 * kMs);
    EXPECT_EQ(reserve.take(1000 * kMs), &limited[0]);
    EXPECT_EQ(reserve.take(1000 * kMs), &other);
    EXPECT_EQ(reserve.take(1009 * kMs), nullptr);
    EXPECT_EQ(reserve.nextDueNs(), 1010 * kMs);
    EXPECT_EQ(reserve.take(1010 * kMs), &limited[1]);
    EXPECT_EQ(reserve.take(1019 * kMs), nullptr);
    EXPECT_EQ(reserve.take(1020 * kMs), &limited[2]);
    EXPECT_EQ(reserve.size(), 0u);
}

TEST(Reserve, GivesEverythingBackAtOnce) {
    Reserve reserve;
    Job jobs[4] = {jobAt(0), jobAt(100), jobAt(0, 10, 3), jobAt(0, 10, 3)};
    for (Job& job : jobs) {
        reserve.add(job, 1);
    }
    EXPECT_EQ(reserve.size(), 4u);
    EXPECT_THAT(reserve.takeAll(),
                testing::UnorderedElementsAre(&jobs[0], &jobs[1], &jobs[2], &jobs[3]));
    EXPECT_EQ(reserve.size(), 0u);
    EXPECT_EQ(reserve.nextDueNs(), std::nullopt);
}

} // namespace
} // namespace interleave::models
