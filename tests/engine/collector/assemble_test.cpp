// SPDX-License-Identifier: GPL-3.0-or-later
// Each test is a picture: events in, the recording drawn as text out, 1 us a character.
#include "engine/collector/assemble.h"
#include "tests/engine/collector/session_text.h"
#include "tests/support/recording_sketch.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace interleave::collector {
namespace {

using recording::LinkKind;
using recording::Recording;
using recording::Span;
using recording::TrackKind;
using support::drawn;
using testing::HasSubstr;
using testing::Not;

std::string rowOf(const std::string& drawing, const std::string& label) {
    const auto at = ("\n" + drawing).find("\n" + label + ":");
    return at == std::string::npos ? "" : drawing.substr(at, drawing.find('\n', at) - at);
}

std::vector<Span> spansOf(const Recording& recording, TrackKind kind, std::uint32_t subject) {
    std::vector<Span> spans;
    if (const auto id = recording.trackOf(kind, subject)) {
        const auto& columns = recording.track(*id).spans;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            spans.push_back(columns.at(i));
        }
    }
    return spans;
}

bool hasDiagnostic(const Recording& recording, const std::string& kind) {
    return std::ranges::find(recording.diagnostics, kind, &recording::Diagnostic::kind) !=
           recording.diagnostics.end();
}

std::vector<recording::Link> linksOfKind(const Recording& recording, LinkKind kind) {
    std::vector<recording::Link> links;
    std::ranges::copy_if(recording.links, std::back_inserter(links),
                         [kind](const recording::Link& link) { return link.kind == kind; });
    return links;
}

TEST(Assemble, SplitsRunningByTheKernelsTruth) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 a queued
        stream worker w0 tid 10
        1 start
        2 a running chop
        9 a done
        10 end
        stream kernel k tid 99
        1 in 10 0
        4 out 10 0 preempted
        6 in 10 1
        7 out 10 1
        8 in 10 0
        10 out 10 0
    )");
    EXPECT_EQ(drawn(*recording, {.hasOverlays = true}), "a: QQRRCCRzRd\n"
                                                        "a/worker: ..0000000\n"
                                                        "a/core: ..00..1.0\n"
                                                        "w0: .RRRCCRzRR\n"
                                                        "w0/task: ..aaaaaaa\n"
                                                        "w0/core: .000..1.00\n"
                                                        "core 0: .?aa....a?\n"
                                                        "core 0/worker: .000....00\n"
                                                        "core 1: ......a\n"
                                                        "core 1/worker: ......0\n");
    const auto spans = spansOf(*recording, TrackKind::Task, 1);
    EXPECT_TRUE(spans[1].isPreempted); // it ended so
    EXPECT_EQ(spans[2].state, State::Ready);
    EXPECT_TRUE(spans[2].isPreempted);
    EXPECT_EQ(recording->strings.text(spans[4].cause), "off the core");
    EXPECT_EQ(recording->strings.text(spans[1].name), "chop");
    EXPECT_EQ(recording->info.kernelTruth, "switches");
}

TEST(Assemble, KeepsDeclaredWaitsOfATaskButShowsTheWorkersSlivers) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 a queued
        stream worker w0 tid 10
        0 start
        1 a running chop
        3 a waiting_io bake
        8 a running chop
        9 a done
        9 end
        stream kernel k tid 99
        0 in 10 0
        4 out 10 0
        5 in 10 0
        6 out 10 0
        7 in 10 0
        9 out 10 0
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "a"), "a: QRRIIIIIRd");
    EXPECT_EQ(rowOf(drawn(*recording), "w0"), "w0: RRRRIRIRR");
}

TEST(Assemble, KeepsTransferOfATaskOnAndOffTheCore) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 a transfer
        5 a running
        6 a done
        6 end
        stream kernel k tid 99
        0 in 10 0
        3 out 10 0
        4 in 10 0
        6 out 10 0
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "a"), "a: QTTTTRd");
    EXPECT_EQ(rowOf(drawn(*recording), "w0"), "w0: RRRTRR");
}

TEST(Assemble, MergesATasksEventsOfAllStreamsByTime) {
    // The event loop dates `ready` back to the moment the answer was there.
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 a queued
        0 b queued
        stream worker loop tid 10
        0 start
        1 a running
        2 a waiting_io bake detached
        2 b running
        6 b done
        4 a ready detached
        6 a running
        8 a done
        8 end
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "a"), "a: QRIICCRRd");
    EXPECT_EQ(rowOf(drawn(*recording), "b"), "b: QQRRRRd");
    const auto spans = spansOf(*recording, TrackKind::Worker, 2);
    ASSERT_EQ(spans.size(), 3u); // the waiting task doesn't occupy the loop
    EXPECT_EQ(spans[0].task, TaskId{1});
    EXPECT_EQ(spans[1].task, TaskId{2});
    EXPECT_EQ(spans[2].task, TaskId{1});
    EXPECT_FALSE(hasDiagnostic(*recording, "tasks-at-once"));
    EXPECT_EQ(recording->info.kernelTruth, "none");
}

TEST(Assemble, FreesAWorkerWhenItsTaskGoesElsewhere) {
    // A transfer by a dispatcher, then the work on another worker.
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 a transfer
        9 end
        stream worker w1 tid 11
        0 start
        3 a running
        6 a done
        9 end
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "w0"), "w0: .TT");
    EXPECT_EQ(rowOf(drawn(*recording), "w1"), "w1: ...RRR");
}

TEST(Assemble, PutsTimeZeroAtTheFirstSubmission) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        10 a queued
        stream worker w0 tid 10
        5 start
        12 a running
        14 a done
        15 end
        stream kernel k tid 99
        5 in 10 0
        15 out 10 0
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "a"), "a: QQRRd");
    EXPECT_DOUBLE_EQ(recording->info.makespanSeconds, 4e-6);
    EXPECT_EQ(recording->range, (TimeRange{0, 5 * kUnitNs}));
    EXPECT_EQ(recording->workers[1].life.beginNs, -5 * kUnitNs);
}

TEST(Assemble, ShowsWhoHeldALockAndWhoWaitedForIt) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 a queued
        0 b queued
        stream worker w0 tid 10
        1 a running
        1 a acquired stove
        5 a released stove
        6 a done
        stream worker w1 tid 11
        1 b running
        2 b waiting_lock @stove
        6 b acquired stove handoff
        6 b running
        8 b released stove
        8 b done
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "lock stove"), "lock stove: .aaaa.bb");
    const auto waits = spansOf(*recording, TrackKind::Task, 2);
    EXPECT_EQ(waits[2].state, State::WaitingLock);
    EXPECT_EQ(recording->strings.text(waits[2].cause), "stove held by a");
    const auto holds = spansOf(*recording, TrackKind::Lock, 1);
    EXPECT_EQ(recording->strings.text(holds[0].cause), "free");
    EXPECT_EQ(recording->strings.text(holds[1].cause), "handoff");
    const auto handoffs = linksOfKind(*recording, LinkKind::Handoff);
    ASSERT_EQ(handoffs.size(), 1u);
    EXPECT_EQ(handoffs[0].from.timeNs, 5 * kUnitNs);
    EXPECT_EQ(handoffs[0].from.task, TaskId{1});
    EXPECT_EQ(handoffs[0].to.timeNs, 6 * kUnitNs);
    EXPECT_FALSE(handoffs[0].isForced);
    EXPECT_FALSE(recording->trackOf(TrackKind::Lock, 2)); // a GIL that nobody took
}

TEST(Assemble, HoldsALockThatIsNeverReleasedToTheEnd) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 a running
        2 a acquired GIL forced
        6 a done
        6 end
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "gil GIL"), "gil GIL: ..aaaa");
}

TEST(Assemble, LaysPermitsSideBySide) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 a acquired permits
        2 b acquired permits
        4 a released permits
        5 c acquired permits
        6 c released permits
        7 a released permits
        8 a cancelled
    )");
    const auto holds = spansOf(*recording, TrackKind::Lock, 3);
    ASSERT_EQ(holds.size(), 3u);
    EXPECT_EQ(holds[0].depth, 0);
    EXPECT_EQ(holds[1].depth, 0);
    EXPECT_EQ(holds[2].depth, 1);
    // The last release was not the holder's: a permit may be released by another.
    EXPECT_EQ(holds[2].range, (TimeRange{2 * kUnitNs, 7 * kUnitNs}));
    EXPECT_FALSE(hasDiagnostic(*recording, "overlapping-holds"));
    EXPECT_FALSE(hasDiagnostic(*recording, "unpaired-lock-events"));
}

TEST(Assemble, SaysWhenALockHadTwoHolders) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 a acquired stove
        2 b acquired stove
        3 a released stove
        4 b released stove
        5 a cancelled
    )");
    EXPECT_TRUE(hasDiagnostic(*recording, "overlapping-holds"));
}

TEST(Assemble, ShowsItemsOfAQueue) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 a running
        2 put 1 orders
        3 put 2 orders
        9 a done
        stream worker w1 tid 11
        4 b running
        5 got 1 orders
        9 b done
    )");
    const auto items = spansOf(*recording, TrackKind::Queue, 4);
    ASSERT_EQ(items.size(), 2u);
    EXPECT_EQ(items[0].range, (TimeRange{2 * kUnitNs, 5 * kUnitNs}));
    EXPECT_EQ(items[0].state, State::Queued);
    EXPECT_EQ(items[1].range.endNs, 9 * kUnitNs); // nobody took it
    EXPECT_EQ(items[1].depth, 1);
    const auto deliveries = linksOfKind(*recording, LinkKind::Deliver);
    ASSERT_EQ(deliveries.size(), 1u);
    EXPECT_EQ(deliveries[0].from.task, TaskId{1});
    EXPECT_EQ(deliveries[0].to.task, TaskId{2});
}

TEST(Assemble, LinksSubmissionSpawnStealAndWake) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 spawned a -
        0 a queued detached
        stream worker w0 tid 10
        1 a running
        2 spawned b a
        2 b queued detached
        3 spawned c a
        3 c queued detached
        4 a suspended
        5 c running
        6 c done
        8 a running
        9 a done
        stream worker w1 tid 11
        4 b running
        7 b done
        7 woken a b
    )");
    const auto submits = linksOfKind(*recording, LinkKind::Submit);
    ASSERT_EQ(submits.size(), 2u); // a and c; b was stolen
    EXPECT_EQ(submits[0].to.timeNs, kUnitNs);
    EXPECT_EQ(linksOfKind(*recording, LinkKind::Spawn).size(), 2u);
    const auto steals = linksOfKind(*recording, LinkKind::Steal);
    ASSERT_EQ(steals.size(), 1u);
    EXPECT_EQ(steals[0].to.task, TaskId{2});
    EXPECT_EQ(steals[0].from.timeNs, 2 * kUnitNs);
    EXPECT_EQ(steals[0].to.timeNs, 4 * kUnitNs);
    const auto wakes = linksOfKind(*recording, LinkKind::Wake);
    ASSERT_EQ(wakes.size(), 1u);
    EXPECT_EQ(recording->worker(wakes[0].from.worker).name, "w1");
    EXPECT_EQ(wakes[0].to.timeNs, 8 * kUnitNs);
    EXPECT_FALSE(hasDiagnostic(*recording, "tasks-at-once")); // a was suspended, not running
}

TEST(Assemble, CountsSwitchesAndMigrations) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 start
        0 cpu 5
        0 a queued
        0 a running
        9 a done
        9 cpu 12
        9 end
        stream kernel k tid 99
        0 in 10 0
        3 out 10 0 preempted
        4 in 10 1
        6 out 10 1
        7 in 10 1
        10 out 10 1
    )");
    const recording::WorkerInfo& worker = recording->workers[0];
    EXPECT_EQ(worker.involuntarySwitches, 1u);
    EXPECT_EQ(worker.voluntarySwitches, 1u); // its departure after its end isn't counted
    EXPECT_EQ(worker.migrations, 1u);
    EXPECT_EQ(recording->switches.size(), 2u);
    ASSERT_TRUE(worker.cpuTimeNs);
    EXPECT_EQ(*worker.cpuTimeNs, 7 * kUnitNs);
    Nanoseconds running = 0;
    for (const Span& span : spansOf(*recording, TrackKind::Worker, 1)) {
        running += span.state == State::Running ? span.range.durationNs() : 0;
    }
    EXPECT_EQ(running, 7 * kUnitNs);
}

TEST(Assemble, GivesAWorkerItsThreadsTimeAndControlTheRest) {
    const auto recording = recordingOf(R"(
        stream control control tid 10
        0 start
        1 a queued
        9 end
        stream worker loop tid 10
        3 start
        3 a running
        6 a done
        6 end
        stream kernel k tid 99
        0 in 10 0
        9 out 10 0
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "loop"), "loop: ..RRR");
    const auto core = spansOf(*recording, TrackKind::Core, 0);
    ASSERT_EQ(core.size(), 2u); // what comes after the last task isn't shown
    EXPECT_EQ(recording->strings.text(core[0].name), "interleave");
    EXPECT_EQ(core[0].range, (TimeRange{0, 2 * kUnitNs}));
    EXPECT_EQ(core[1].task, TaskId{1});
}

TEST(Assemble, ShowsOtherProgramsInWhatIsLeftOfACore) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 start
        0 a queued
        100 a running
        300 a done
        1000 end
        stream kernel k tid 99
        100 in 10 0
        300 out 10 0
        stream sampler s tid 98
        0 load 0 900
        500 load 0 120
        1000 load 0 49
    )");
    const auto core = spansOf(*recording, TrackKind::Core, 0);
    ASSERT_EQ(core.size(), 3u);
    EXPECT_EQ(core[0].state, State::Other);
    EXPECT_EQ(recording->strings.text(core[0].name), "12 %");
    EXPECT_EQ(core[0].range, (TimeRange{0, 100 * kUnitNs}));
    EXPECT_EQ(core[1].state, State::Running);
    EXPECT_EQ(core[2].range, (TimeRange{300 * kUnitNs, 500 * kUnitNs}));
    ASSERT_EQ(recording->counters.size(), 1u);
    EXPECT_THAT(recording->counters[0].value, testing::ElementsAre(0.12, 0.049, 0));
}

TEST(Assemble, KeepsDeclaredStatesWithoutTheKernel) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 a running
        5 a done
        6 end
        stream sampler s tid 98
        3 ran 10 2
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "a"), "a: QRRRRd");
    EXPECT_EQ(recording->info.kernelTruth, "sampled");
}

TEST(Assemble, EndsTheTasksOfAKilledWorkerWithIt) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 a queued
        0 b queued
        9 end
        stream worker w0 tid 10
        1 start
        2 a running
        stream worker w1 tid 11
        1 b running
        8 b done
        9 end
        stream kernel k tid 99
        1 in 10 0
        5 out 10 0
        1 in 11 1
        9 out 11 1
    )");
    EXPECT_EQ(rowOf(drawn(*recording), "a"), "a: QQRRRx");
    EXPECT_TRUE(hasDiagnostic(*recording, "unfinished-tasks"));
    EXPECT_TRUE(hasDiagnostic(*recording, "killed-workers"));
}

TEST(Assemble, SaysWhichIdsAreUnknown) {
    const Manifest manifest = kitchen();
    auto streams =
        streamsOf("stream worker w0 tid 10\n0 a queued\n1 a running\n3 a done", manifest);
    streams[0].events.push_back({2 * kUnitNs, 77, 0, record::kindOf(State::Running)});
    streams[0].events.push_back({2 * kUnitNs, 1, 66, record::EventKind::LockAcquired});
    const auto recording = assemble(manifest, streams, {});
    const auto found =
        std::ranges::find(recording->diagnostics, "unknown-id", &recording::Diagnostic::kind);
    ASSERT_NE(found, recording->diagnostics.end());
    EXPECT_EQ(found->count, 2u);
    EXPECT_EQ(rowOf(drawn(*recording), "a"), "a: QRRd");
}

TEST(Assemble, SaysWhenATaskGoesOnAfterItsEnd) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 a running
        2 a done
        3 a running
        4 a done
    )");
    EXPECT_TRUE(hasDiagnostic(*recording, "events-after-end"));
}

TEST(Assemble, ShowsOfALiveRunOnlyWhatTheKernelHasReported) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 start
        0 a queued
        1 a running
        9 b queued
        stream kernel k tid 99
        0 in 10 0
        4 out 10 0 preempted
        5 in 10 0
        6 in 98 1
    )",
                                       true);
    EXPECT_EQ(recording->range.endNs, 6 * kUnitNs);
    EXPECT_EQ(rowOf(drawn(*recording), "w0"), "w0: RRRRCR");
    EXPECT_TRUE(recording->isLive);
    EXPECT_FALSE(hasDiagnostic(*recording, "unfinished-tasks"));
}

TEST(Assemble, GivesAnEmptyRecordingForNoEvents) {
    const auto recording = recordingOf("");
    EXPECT_EQ(recording->tasks.size(), 3u);
    EXPECT_TRUE(recording->range.isEmpty());
    EXPECT_TRUE(hasDiagnostic(*recording, "unsubmitted-tasks"));
}

TEST(Assemble, RecordsLevelsAndMemory) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        1 level 1 2
        3 level 1 5
        4 a cancelled
        stream sampler s tid 98
        1 rss 100 64
        2 rss 100 128
        3 rss 200 8
    )");
    const auto counter = [&](const std::string& name, std::uint32_t subject) {
        return *std::ranges::find_if(recording->counters, [&](const recording::Counter& c) {
            return c.name == name && c.subject == subject;
        });
    };
    EXPECT_THAT(counter("ready queue", 0).value, testing::ElementsAre(2, 5));
    // Its last thread ended at 4: no memory any more.
    EXPECT_THAT(counter("rss", 100).value, testing::ElementsAre(65536, 131072, 0));
    EXPECT_EQ(recording->processes[0].peakRssBytes, 131072u);
    EXPECT_EQ(recording->processes[1].name, "process 200");
}

} // namespace
} // namespace interleave::collector
