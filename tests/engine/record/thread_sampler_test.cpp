// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/thread_sampler.h"
#include "tests/engine/record/session_sketch.h"

#include <ctime>
#include <semaphore>
#include <thread>

namespace interleave::record {

TEST(ThreadSampler, AddsUpToTheThreadsTime) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    DescriptorBudget budget{16};
    ProcessTree tree(budget);
    ThreadSampler sampler(budget);
    Writer writer = session->openStream({StreamRole::Sampler, ClockKind::Tsc, "samples"});
    sampler.sample(tree, writer); // threads from here on count from their beginning
    std::binary_semaphore hasRun{0}, mayEnd{0};
    std::uint32_t tid = 0;
    std::uint64_t cpuNs = 0;
    std::jthread worker([&] {
        tid = static_cast<std::uint32_t>(gettid());
        timespec time{};
        do {
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
            cpuNs = static_cast<std::uint64_t>(time.tv_nsec);
        } while (cpuNs < 30'000'000);
        hasRun.release();
        mayEnd.acquire();
    });
    while (!hasRun.try_acquire()) {
        sampler.sample(tree, writer);
    }
    sampler.sample(tree, writer);
    sampler.sample(tree, writer);
    mayEnd.release();
    worker.join();
    std::uint64_t sum = 0;
    bool isSeen = false;
    const ReadSession read = readAll(folder.session());
    for (const Event& event : read.streams.at(0).events) {
        if (event.a == tid && event.kind() == EventKind::RunTime) {
            sum += event.b;
        }
        isSeen = isSeen || (event.a == tid && event.kind() == EventKind::RunState);
    }
    EXPECT_TRUE(isSeen);
    EXPECT_GE(sum, 29'000u); // µs; its time when it is on the core is brought up to date by ticks
    EXPECT_LE(sum, cpuNs / 1000 + 20'000);
    std::int64_t onCores = 0;
    for (const std::int64_t ns : sampler.coreNs()) {
        onCores += ns;
    }
    EXPECT_GE(onCores, 29'000'000);
}

TEST(ThreadSampler, WritesNothingForWhatWasBefore) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    DescriptorBudget budget{4};
    ProcessTree tree(budget);
    ThreadSampler sampler(budget);
    Writer writer = session->openStream({StreamRole::Sampler, ClockKind::Tsc, "samples"});
    sampler.sample(tree, writer);
    const ReadSession read = readAll(folder.session());
    EXPECT_TRUE(read.streams.at(0).ofKind(EventKind::RunTime).empty());
    EXPECT_FALSE(read.streams.at(0).ofKind(EventKind::RunState).empty());
}

} // namespace interleave::record
