// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/record/observer.h"
#include "tests/engine/record/session_sketch.h"

#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

namespace interleave::record {

namespace {

std::string diagnosticsOf(const std::filesystem::path& folder) {
    std::ifstream file(folder / kDiagnosticsFile);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Burns so much CPU time in the calling thread.
void burn(std::int64_t ns) {
    timespec begin{}, now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    do {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    } while ((now.tv_sec - begin.tv_sec) * 1'000'000'000 + now.tv_nsec - begin.tv_nsec < ns);
}

struct ThreadTimes {
    std::int64_t onCoreNs = 0; // between the stream's two readings of the CPU time
    std::int64_t cpuNs = 0;    // what those say
};

/// Two threads that pass a turn to and fro and compute between; the times of each.
std::vector<ThreadTimes> pingPong(const std::filesystem::path& folder) {
    auto session = SessionWriter::create(folder, smallSession());
    auto observer = Observer::start(*session);
    EXPECT_TRUE(observer) << observer.error().message;
    std::atomic<int> turn = 0;
    const auto play = [&](int mine) {
        const Writer writer = session->openStream({StreamRole::Worker, ClockKind::Tsc, "player"});
        for (int i = 0; i < 100; ++i) {
            for (int now = turn; now != mine; now = turn) {
                turn.wait(now);
            }
            burn(200'000);
            turn = 1 - mine;
            turn.notify_all();
        }
    };
    std::jthread first(play, 0);
    std::jthread second(play, 1);
    first.join();
    second.join();
    observer->stop();
    session->finish();

    auto reader = SessionReader::open(folder);
    ReadSession read;
    reader->poll(read.sink());
    const ReadStream* kernel = read.named("context switches");
    std::vector<ThreadTimes> result;
    for (const ReadStream& stream : read.streams) {
        const auto cpu = stream.ofKind(EventKind::ThreadCpuTime);
        if (stream.header.info.name != "player" || kernel == nullptr || cpu.size() != 2) {
            continue;
        }
        const auto ns = [](const Event& event) {
            return static_cast<std::int64_t>(event.a | static_cast<std::uint64_t>(event.b) << 32);
        };
        const Nanoseconds begin = reader->sessionNs(stream.header, cpu[0].stamp());
        const Nanoseconds end = reader->sessionNs(stream.header, cpu[1].stamp());
        ThreadTimes times{0, ns(cpu[1]) - ns(cpu[0])};
        Nanoseconds since = -1;
        const auto add = [&](Nanoseconds until) {
            if (since >= 0) {
                times.onCoreNs += TimeRange{since, until}.intersected({begin, end}).durationNs();
            }
            since = -1;
        };
        for (const Event& event : kernel->events) {
            if (event.a == stream.header.tid && event.kind() == EventKind::SwitchedIn) {
                since = reader->sessionNs(kernel->header, event.stamp());
            } else if (event.a == stream.header.tid && event.kind() == EventKind::SwitchedOut) {
                add(reader->sessionNs(kernel->header, event.stamp()));
            }
        }
        add(end);
        result.push_back(times);
    }
    return result;
}

} // namespace

TEST(Observer, FindsThreadsOnTheirCoresForAsLongAsTheKernelAccountsThem) {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a comparison of times, as the truth tests are: not under ThreadSanitizer";
#endif
    {
        const TemporaryFolder folder;
        auto session = SessionWriter::create(folder.session(), smallSession());
        if (Observer::start(*session)->kind() != "switches") {
            GTEST_SKIP() << "the kernel refuses context switches: "
                         << diagnosticsOf(folder.session());
        }
    }
    bool isExact = false;
    for (int attempt = 1; attempt <= 3 && !isExact; ++attempt) { // the machine is shared
        const TemporaryFolder folder;
        const auto players = pingPong(folder.session());
        ASSERT_EQ(players.size(), 2u);
        isExact = true;
        for (const ThreadTimes& times : players) {
            std::printf("attempt %d: on a core %.3f ms, CPU time %.3f ms\n", attempt,
                        static_cast<double>(times.onCoreNs) * 1e-6,
                        static_cast<double>(times.cpuNs) * 1e-6);
            const std::int64_t allowed = std::max<std::int64_t>(1'000'000, times.cpuNs / 50);
            isExact = isExact && std::abs(times.onCoreNs - times.cpuNs) <= allowed;
            ASSERT_GT(times.cpuNs, 15'000'000);
        }
    }
    EXPECT_TRUE(isExact);
}

TEST(Observer, SamplesMemoryAndLoadAndSaysWhichThreadItIs) {
    const TemporaryFolder folder;
    {
        auto session = SessionWriter::create(folder.session(), smallSession());
        ObserverOptions options;
        options.rssPeriod = std::chrono::milliseconds(5);
        auto observer = Observer::start(*session, options);
        ASSERT_TRUE(observer);
        burn(60'000'000);
        observer->stop();
        observer->stop();
    }
    const ReadSession read = readAll(folder.session());
    const ReadStream* samples = read.named("memory and load");
    ASSERT_TRUE(samples != nullptr);
    EXPECT_EQ(samples->header.info.role, StreamRole::Sampler);
    EXPECT_NE(samples->header.tid, static_cast<std::uint32_t>(gettid()));
    EXPECT_GE(samples->ofKind(EventKind::MemoryRss).size(), 3u);
    EXPECT_GE(samples->ofKind(EventKind::MemoryPss).size(), 1u);
    EXPECT_GE(samples->ofKind(EventKind::OtherLoad).size(), 1u);
}

TEST(Observer, GivesTotalsWhereSwitchesAreRefused) {
    const TemporaryFolder folder;
    std::uint32_t tid = 0;
    {
        auto session = SessionWriter::create(folder.session(), smallSession());
        ObserverOptions options;
        options.forceFallback = true;
        auto observer = Observer::start(*session, options);
        ASSERT_TRUE(observer);
        EXPECT_EQ(observer->kind(), "sampled");
        std::atomic<bool> isDone = false;
        std::jthread worker([&] {
            tid = static_cast<std::uint32_t>(gettid());
            burn(50'000'000);
            isDone = true;
            isDone.notify_one();
            isDone.wait(true); // stays, so that the last sample finds it
        });
        isDone.wait(false);
        observer->stop();
        isDone = false;
        isDone.notify_one();
    }
    EXPECT_NE(diagnosticsOf(folder.session()).find("\"kernel-truth\",\"severity\":\"warning\""),
              std::string::npos);
    const ReadSession read = readAll(folder.session());
    EXPECT_EQ(read.named("context switches"), nullptr);
    std::uint64_t us = 0;
    for (const Event& event : read.named("memory and load")->ofKind(EventKind::RunTime)) {
        us += event.a == tid ? event.b : 0;
    }
    EXPECT_GE(us, 49'000u);
    EXPECT_LE(us, 70'000u);
}

TEST(Observer, ObeysTheEnvironment) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    setenv("INTERLEAVE_NO_PERF", "1", 1);
    auto observer = Observer::start(*session);
    unsetenv("INTERLEAVE_NO_PERF");
    ASSERT_TRUE(observer);
    EXPECT_EQ(observer->kind(), "sampled");
}

TEST(Observer, LeavesASwitchedOffSessionAlone) {
    const TemporaryFolder folder;
    SessionOptions options = smallSession();
    options.isEnabled = false;
    auto session = SessionWriter::create(folder.session(), options);
    auto observer = Observer::start(*session);
    ASSERT_TRUE(observer);
    EXPECT_EQ(observer->kind(), "none");
    observer->stop();
}

TEST(Observer, LetsGoInAForkedChild) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    auto observer = Observer::start(*session);
    ASSERT_TRUE(observer);
    const std::string kind = observer->kind();
    const int status = inChild([&] {
        observer->stop(); // would wait for ever for a thread that only the parent has
        return 0;
    });
    ASSERT_TRUE(WIFEXITED(status));
    observer->stop();
    const ReadSession read = readAll(folder.session());
    EXPECT_EQ(read.named("context switches") != nullptr, kind == "switches");
}

TEST(Observer, ReportsChildProcesses) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    auto observer = Observer::start(*session);
    ASSERT_TRUE(observer);
    if (observer->kind() != "switches") {
        GTEST_SKIP() << "the kernel refuses context switches";
    }
    const pid_t child = fork();
    if (child == 0) {
        burn(20'000'000);
        _exit(0);
    }
    waitpid(child, nullptr, 0);
    observer->stop();
    std::map<EventKind, int> counts;
    const ReadSession read = readAll(folder.session());
    for (const Event& event : read.named("context switches")->events) {
        if (event.a == static_cast<std::uint32_t>(child)) {
            ++counts[event.kind()];
        }
    }
    EXPECT_GE(counts[EventKind::SwitchedIn], 1);
    EXPECT_EQ(counts[EventKind::SwitchedIn], counts[EventKind::SwitchedOut]);
}

} // namespace interleave::record
