// SPDX-License-Identifier: GPL-3.0-or-later
// Real threads under the real observer: what the recording calls `running` is what the kernel
// accounts as CPU time.
#include "engine/collector/collector.h"
#include "engine/collector/manifest.h"
#include "engine/record/observer.h"
#include "engine/record/session.h"
#include "tests/engine/collector/session_text.h"

#include <ctime>
#include <gtest/gtest.h>
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

TEST(KernelTruth, RunningEqualsCpuTimeOfEveryWorker) {
    std::string parent = (std::filesystem::temp_directory_path() / "truth-XXXXXX").string();
    ASSERT_NE(mkdtemp(parent.data()), nullptr);
    const auto recording = recordCooks(std::filesystem::path(parent) / "session");
    std::filesystem::remove_all(parent);
    if (recording->info.kernelTruth != "switches") {
        GTEST_SKIP() << "the kernel's switches can't be had here";
    }
    int workers = 0;
    for (std::uint32_t i = 1; i <= recording->workers.size(); ++i) {
        const recording::WorkerInfo& worker = recording->workers[i - 1];
        if (worker.isControl) {
            continue;
        }
        ++workers;
        ASSERT_TRUE(worker.cpuTimeNs);
        EXPECT_GE(*worker.cpuTimeNs, 32'000'000);
        const Nanoseconds running = totalOf(*recording, TrackKind::Worker, i, State::Running);
        const double allowed = std::max(1e6, 0.02 * static_cast<double>(*worker.cpuTimeNs));
        EXPECT_NEAR(static_cast<double>(running), static_cast<double>(*worker.cpuTimeNs), allowed)
            << worker.name;
    }
    EXPECT_EQ(workers, 3);
    for (std::uint32_t task = 1; task <= 3; ++task) {
        // Four declared waits, and one that only the kernel saw.
        EXPECT_GE(totalOf(*recording, TrackKind::Task, task, State::WaitingIo), 12'000'000);
        EXPECT_GE(totalOf(*recording, TrackKind::Task, task, State::Sleeping), 2'900'000);
        const Nanoseconds running = totalOf(*recording, TrackKind::Task, task, State::Running);
        EXPECT_GE(running, 31'000'000);
        EXPECT_LE(running, 34'000'000);
    }
    for (const recording::Diagnostic& diagnostic : recording->diagnostics) {
        EXPECT_EQ(diagnostic.kind, "kernel-truth") << diagnostic.message;
    }
    for (const TrackId core : recording->tracksOf(TrackKind::Core)) {
        EXPECT_TRUE(recording->track(core).spans.latestEnd.empty()) << "two at once on a core";
    }
}

} // namespace
} // namespace interleave::collector
