// SPDX-License-Identifier: GPL-3.0-or-later
// Real threads under the real observer: what the recording calls `running` is what the kernel
// accounts as CPU time.
#include "engine/collector/collector.h"
#include "engine/collector/manifest.h"
#include "engine/record/observer.h"
#include "engine/record/session.h"
#include "tests/engine/collector/session_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <gtest/gtest.h>
#include <string>
#include <thread>

namespace interleave::collector {
namespace {

using record::StreamRole;
using recording::TrackKind;

Nanoseconds threadCpuNs() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return Nanoseconds{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void compute(Nanoseconds workNs) {
    const Nanoseconds end = threadCpuNs() + workNs;
    while (threadCpuNs() < end) {
    }
}

/// Computes, waits in the kernel, computes; and once waits in the kernel without saying so.
void cook(record::SessionWriter& session, std::uint32_t number) {
    record::Writer writer = session.openStream(
        {StreamRole::Worker, session.clock().kind, "worker " + std::to_string(number)});
    const TaskId task{number};
    const timespec nap{0, 3'000'000};
    writer.state(task, State::Queued);
    for (int i = 0; i < 4; ++i) {
        writer.state(task, State::Running);
        compute(8'000'000);
        if (i == 2) {
            clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr);
        }
        writer.state(task, State::WaitingIo);
        clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr);
    }
    writer.state(task, State::Running);
    writer.state(task, State::Done);
}

std::shared_ptr<const recording::Recording> recordCooks(const std::filesystem::path& folder) {
    auto session = record::SessionWriter::create(folder);
    EXPECT_TRUE(session && session->writeManifest(toJson(kitchen())));
    auto observer = record::Observer::start(*session);
    EXPECT_TRUE(observer);
    {
        record::Writer control =
            session->openStream({StreamRole::Control, session->clock().kind, "control"});
        std::vector<std::jthread> threads;
        for (std::uint32_t i = 1; i <= 3; ++i) {
            threads.emplace_back([&session, i] { cook(*session, i); });
        }
    }
    observer->stop();
    session->finish();
    auto collector = Collector::open(folder);
    EXPECT_TRUE(collector);
    collector->poll();
    return collector->snapshot();
}

Nanoseconds totalOf(const recording::Recording& recording, TrackKind kind, std::uint32_t subject,
                    State state) {
    const auto& spans = recording.track(*recording.trackOf(kind, subject)).spans;
    Nanoseconds total = 0;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        total += spans.state[i] == state ? spans.duration[i] : 0;
    }
    return total;
}

std::shared_ptr<const recording::Recording> recordCooksInScratch() {
    std::string parent = (std::filesystem::temp_directory_path() / "truth-XXXXXX").string();
    EXPECT_NE(mkdtemp(parent.data()), nullptr);
    auto recording = recordCooks(std::filesystem::path(parent) / "session");
    std::filesystem::remove_all(parent);
    return recording;
}

/// The first worker whose running time is not its CPU time within 2 % or 1 ms; empty: there is
/// none.
std::string wrongAccountIn(const recording::Recording& recording) {
    for (std::uint32_t i = 1; i <= recording.workers.size(); ++i) {
        const recording::WorkerInfo& worker = recording.workers[i - 1];
        if (worker.isControl) {
            continue;
        }
        const auto accounted = static_cast<double>(worker.cpuTimeNs.value());
        const auto running =
            static_cast<double>(totalOf(recording, TrackKind::Worker, i, State::Running));
        if (std::abs(running - accounted) > std::max(1e6, 0.02 * accounted)) {
            return worker.name + " runs for " + std::to_string(running) + " ns, accounted are " +
                   std::to_string(accounted);
        }
    }
    return {};
}

// Up to three tries: where a hypervisor takes the core away, the kernel doesn't account that time
// to the thread although it was switched in.
TEST(KernelTruth, RunningEqualsCpuTimeOfEveryWorker) {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a comparison of times, as the truth tests are: not under ThreadSanitizer";
#endif
    std::string wrong;
    for (int attempt = 1; attempt <= 3; ++attempt) {
        const auto recording = recordCooksInScratch();
        if (recording->info.kernelTruth != "switches") {
            GTEST_SKIP() << "the kernel's switches can't be had here";
        }
        wrong = wrongAccountIn(*recording);
        std::printf("try %d: %s\n", attempt, wrong.empty() ? "holds" : wrong.c_str());
        if (wrong.empty()) {
            break;
        }
    }
    EXPECT_EQ(wrong, "");
}

TEST(KernelTruth, TasksWaitAsTheyDeclareAndRunForTheRest) {
    const auto recording = recordCooksInScratch();
    if (recording->info.kernelTruth != "switches") {
        GTEST_SKIP() << "the kernel's switches can't be had here";
    }
    ASSERT_EQ(std::ranges::count(recording->workers, false, &recording::WorkerInfo::isControl), 3);
    for (std::uint32_t task = 1; task <= 3; ++task) {
        // Four declared waits, and one that only the kernel saw.
        EXPECT_GE(totalOf(*recording, TrackKind::Task, task, State::WaitingIo), 12'000'000);
        EXPECT_GE(totalOf(*recording, TrackKind::Task, task, State::Sleeping), 2'900'000);
        EXPECT_GE(totalOf(*recording, TrackKind::Task, task, State::Running), 31'000'000);
    }
    for (const recording::Diagnostic& diagnostic : recording->diagnostics) {
        EXPECT_EQ(diagnostic.kind, "kernel-truth") << diagnostic.message;
    }
    for (const TrackId core : recording->tracksOf(TrackKind::Core)) {
        EXPECT_TRUE(recording->track(core).spans.isFlat()) << "two at once on a core";
    }
}

} // namespace
} // namespace interleave::collector
