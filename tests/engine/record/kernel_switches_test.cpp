// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/clock.h"
#include "engine/record/kernel_switches.h"
#include "tests/engine/record/session_sketch.h"

#include <algorithm>
#include <limits>
#include <semaphore>
#include <set>
#include <thread>

namespace interleave::record {

namespace {

using Kind = KernelRecord::Kind;

std::vector<KernelRecord> drainAll(KernelSwitches& switches) {
    std::vector<KernelRecord> records;
    switches.drain(std::numeric_limits<std::int64_t>::max(), records);
    return records;
}

long countOf(const std::vector<KernelRecord>& records, std::uint32_t thread, Kind kind) {
    return std::count_if(records.begin(), records.end(), [&](const KernelRecord& record) {
        return record.id == thread && record.kind == kind;
    });
}

} // namespace

TEST(KernelSwitches, SeesBothSidesOfEveryHandOver) {
    auto switches = KernelSwitches::open();
    if (!switches) {
        GTEST_SKIP() << switches.error().operation << " is refused here";
    }
    constexpr int rounds = 500;
    std::binary_semaphore ping{0}, pong{0};
    std::uint32_t tids[2] = {};
    {
        std::jthread first([&] {
            tids[0] = static_cast<std::uint32_t>(gettid());
            for (int i = 0; i < rounds; ++i) {
                ping.release();
                pong.acquire();
            }
        });
        std::jthread second([&] {
            tids[1] = static_cast<std::uint32_t>(gettid());
            for (int i = 0; i < rounds; ++i) {
                ping.acquire();
                pong.release();
            }
        });
    }
    const std::vector<KernelRecord> records = drainAll(*switches);
    for (const std::uint32_t tid : tids) {
        EXPECT_GT(countOf(records, tid, Kind::In), 0);
        EXPECT_EQ(countOf(records, tid, Kind::Ended), 1);
        // Each coming is followed by a leaving; the last by the end.
        bool isOn = false;
        for (const KernelRecord& record : records) {
            if (record.id != tid || record.kind == Kind::Forked || record.kind == Kind::Lost) {
                continue;
            }
            if (record.kind == Kind::In) {
                ASSERT_FALSE(isOn);
                isOn = true;
            } else {
                ASSERT_TRUE(isOn);
                isOn = false;
            }
        }
        EXPECT_FALSE(isOn);
    }
    EXPECT_TRUE(std::is_sorted(records.begin(), records.end(),
                               [](const auto& a, const auto& b) { return a.timeNs < b.timeNs; }));
}

TEST(KernelSwitches, FollowsThreadsThatExistedBefore) {
    std::binary_semaphore isStarted{0}, mayEnd{0};
    std::uint32_t tid = 0;
    std::jthread old([&] {
        tid = static_cast<std::uint32_t>(gettid());
        isStarted.release();
        mayEnd.acquire();
    });
    isStarted.acquire();
    auto switches = KernelSwitches::open();
    if (!switches) {
        mayEnd.release();
        GTEST_SKIP() << switches.error().operation << " is refused here";
    }
    EXPECT_EQ(switches->missedThreads(), 0);
    mayEnd.release();
    old.join();
    EXPECT_EQ(countOf(drainAll(*switches), tid, Kind::Ended), 1);
}

TEST(KernelSwitches, FollowsChildProcesses) {
    auto switches = KernelSwitches::open();
    if (!switches) {
        GTEST_SKIP() << switches.error().operation << " is refused here";
    }
    const pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    waitpid(child, nullptr, 0);
    const auto records = drainAll(*switches);
    const auto id = static_cast<std::uint32_t>(child);
    EXPECT_EQ(countOf(records, id, Kind::Forked), 1);
    EXPECT_EQ(countOf(records, id, Kind::Ended), 1);
    EXPECT_GE(countOf(records, id, Kind::In), 1);
}

TEST(KernelSwitches, KeepsWhatIsYoungerThanTheHorizon) {
    auto switches = KernelSwitches::open();
    if (!switches) {
        GTEST_SKIP() << switches.error().operation << " is refused here";
    }
    const std::int64_t before = monotonicNow();
    std::jthread([] {}).join();
    std::vector<KernelRecord> records;
    switches->drain(before, records);
    EXPECT_TRUE(records.empty());
    switches->drain(std::numeric_limits<std::int64_t>::max(), records);
    EXPECT_FALSE(records.empty());
}

TEST(KernelSwitches, WorksForAnOrdinaryUser) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "the other tests have shown it";
    }
    if (!KernelSwitches::open()) {
        GTEST_SKIP() << "refused here";
    }
    const int status = inChild([] {
        if (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) {
            return 2;
        }
        auto switches = KernelSwitches::open();
        if (!switches) {
            return switches.error().error == EACCES ? 77 : 1;
        }
        const pid_t child = fork();
        if (child == 0) {
            _exit(0);
        }
        waitpid(child, nullptr, 0);
        return countOf(drainAll(*switches), static_cast<std::uint32_t>(child), Kind::Ended) == 1
                   ? 0
                   : 3;
    });
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        GTEST_SKIP() << "kernel.perf_event_paranoid is above 2";
    }
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace interleave::record
