// SPDX-License-Identifier: GPL-3.0-or-later
// Each test is a picture: what an agent writes in, the recording drawn as text out. R running,
// G waiting_gil, L waiting_lock, I waiting_io, z sleeping, s suspended, C ready.
#include "tests/engine/collector/agent_story.h"
#include "tests/support/recording_sketch.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace interleave::collector {
namespace {

using recording::LinkKind;
using recording::Recording;
using recording::Span;
using recording::TrackKind;
using testing::ElementsAre;
using testing::HasSubstr;

/// The recording as text, with the workers called w0, w1, ... because threads and their tasks have
/// the same names.
std::string picture(const Recording& recording, bool hasOverlays = false) {
    Recording copy = recording;
    for (std::size_t i = 0; i < copy.workers.size(); ++i) {
        copy.workers[i].name = "w" + std::to_string(i);
    }
    for (recording::Track& track : copy.tracks) {
        if (track.kind == TrackKind::Worker) {
            track.name = copy.workers[track.subject - 1].name;
        }
    }
    return support::drawn(copy, {.hasOverlays = hasOverlays});
}

std::vector<std::string> causesOf(const Recording& recording, const std::string& task) {
    std::vector<std::string> causes;
    for (const recording::Track& track : recording.tracks) {
        for (std::size_t i = 0;
             track.kind == TrackKind::Task && track.name == task && i < track.spans.size(); ++i) {
            const std::string_view cause = recording.strings.text(track.spans.cause[i]);
            if (!cause.empty()) {
                causes.emplace_back(cause);
            }
        }
    }
    return causes;
}

std::vector<std::string> namesOf(const Recording& recording, const std::string& task) {
    std::vector<std::string> names;
    for (const recording::Track& track : recording.tracks) {
        for (std::size_t i = 0;
             track.kind == TrackKind::Task && track.name == task && i < track.spans.size(); ++i) {
            names.emplace_back(recording.strings.text(track.spans.name[i]));
        }
    }
    return names;
}

const recording::Diagnostic* diagnostic(const Recording& recording, const std::string& kind) {
    const auto found = std::ranges::find(recording.diagnostics, kind, &recording::Diagnostic::kind);
    return found == recording.diagnostics.end() ? nullptr : &*found;
}

std::vector<recording::Link> linksOf(const Recording& recording, LinkKind kind) {
    std::vector<recording::Link> links;
    std::ranges::copy_if(recording.links, std::back_inserter(links),
                         [kind](const recording::Link& link) { return link.kind == kind; });
    return links;
}

TEST(AgentSession, MakesEveryThreadATaskAndTellsWhoHoldsTheGil) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        1 object 1 gil GIL
        1 got 1
        5 freed 1
        5 wait 1
        8 got 1 forced
        9 freed 1
        10 end
        thread 101 Worker made-by 100
        2 start
        3 wait 1 100
        5 got 1 forced
        8 freed 1
        9 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RRRRRGGGRRd\n"
                                   "Worker: ..RGGRRRRd\n"
                                   "w0: RRRRRGGGRR\n"
                                   "w1: ..RGGRRRR\n"
                                   "gil GIL: .MMMMWWWM\n");
    EXPECT_THAT(causesOf(*recording, "Worker"), ElementsAre("GIL held by MainThread"));
    EXPECT_THAT(causesOf(*recording, "MainThread"), ElementsAre("GIL held by Worker"));
    EXPECT_EQ(recording->tasks[0].group, "thread");
    EXPECT_EQ(recording->objects[0].kind, "gil");
    const auto spawns = linksOf(*recording, LinkKind::Spawn);
    ASSERT_EQ(spawns.size(), 1u);
    EXPECT_EQ(spawns[0].from.task, TaskId{1});
    EXPECT_EQ(spawns[0].from.worker, WorkerId{1});
    EXPECT_EQ(spawns[0].to.task, TaskId{2});
    const auto handoffs = linksOf(*recording, LinkKind::Handoff);
    ASSERT_EQ(handoffs.size(), 2u);
    EXPECT_TRUE(handoffs[0].isForced);
    EXPECT_TRUE(recording->diagnostics.empty()) << recording->diagnostics[0].message;
}

// CPython's forced switch: after 5 MainThread sleeps until Worker has the lock, and waits for it
// from 8 on; after 12 the sleep is its own, because the lock was there already.
TEST(AgentSession, WhoMustGiveUpTheGilWaitsForItFromThenOn) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        1 object 1 gil GIL
        1 got 1
        5 freed 1
        8 wait 1
        11 got 1
        12 freed 1
        15 wait 1
        17 got 1
        18 freed 1
        20 end
        thread 101 Worker made-by 100
        2 start
        3 wait 1 100
        7 got 1 forced
        11 freed 1
        11 wait 1
        12 got 1 forced
        17 freed 1
        20 end
        kernel
        0 in 100 0
        6 out 100 0
        8 in 100 0
        13 out 100 0
        14 in 100 0
        20 out 100 0
        2 in 101 1
        3 out 101 1
        7 in 101 1
        11 out 101 1
        12 in 101 1
        20 out 101 1
    )");
    const std::string drawing = picture(*recording);
    EXPECT_THAT(drawing, HasSubstr("MainThread: RRRRRRGGGGGRRzRGGRRRd"));
    EXPECT_THAT(drawing, HasSubstr("w0: RRRRRRGGRRRRRzRRRRRR"));
    EXPECT_THAT(causesOf(*recording, "MainThread"),
                ElementsAre("GIL held by Worker", "off the core", "GIL held by Worker"));
}

TEST(AgentSession, DerivesTheStateInACallFromTheCall) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        0 got 1
        1 freed 1
        1 call sleep
        3 wait 1
        4 got 1
        5 freed 1
        5 call poll
        7 back
        8 got 1
        9 freed 1
        9 call join
        11 got 1
        12 freed 1
        13 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RzzGRIIRRssRRd\n"
                                   "w0: RzzGRIIRRssRR\n"
                                   "gil GIL: M...M...M..M\n");
    EXPECT_THAT(namesOf(*recording, "MainThread"),
                ElementsAre("", "sleep", "", "", "poll", "", "join thread", ""));
}

TEST(AgentSession, ACallWhileHoldingTheGilEndsAtItsRelease) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        0 got 1
        1 call read
        4 freed 1
        6 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RIIIRRd\n"
                                   "w0: RIIIRR\n"
                                   "gil GIL: MMMM\n");
}

TEST(AgentSession, AWaitForALockLastsUntilItIsThereOrGivenUp) {
    const auto recording = agentRecording(R"(
        process 100 a.out
        thread 100 main
        0 start
        1 object 1 lock mutex_1
        1 wait 1 101
        4 got 1 handoff
        6 freed 1
        7 wait 1 101
        9 gave-up 1
        10 end
        thread 101 other
        0 start
        0 got 1
        4 freed 1
        10 end
    )");
    EXPECT_EQ(picture(*recording), "main: RLLLRRRLLRd\n"
                                   "other: RRRRRRRRRRd\n"
                                   "w0: RLLLRRRLLR\n"
                                   "w1: RRRRRRRRRR\n"
                                   "lock mutex 1: oooomm\n");
    // Of the second wait no hold is known: the one who waits said who was in the way.
    EXPECT_THAT(causesOf(*recording, "main"),
                ElementsAre("mutex 1 held by other", "mutex 1 held by other"));
}

TEST(AgentSession, NobodyHoldsACondition) {
    const auto recording = agentRecording(R"(
        process 100 a.out
        thread 100 main
        0 start
        0 object 1 condition condition_1
        1 wait 1
        4 got 1 handoff
        6 end
        thread 101 other
        0 start
        4 freed 1
        6 end
    )");
    EXPECT_EQ(picture(*recording), "main: RLLLRRd\n"
                                   "other: RRRRRRd\n"
                                   "w0: RLLLRR\n"
                                   "w1: RRRRRR\n");
    EXPECT_EQ(diagnostic(*recording, "unpaired-lock-events"), nullptr);
}

TEST(AgentSession, AStepOfAsyncioTakesTheThreadsPlace) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        0 got 1
        1 task 1 main_(Task-1) asyncio
        1 step 1 app.py:5
        1 1 ready detached
        2 1 running #1
        3 freed 1
        3 wait 1
        5 got 1
        6 1 sleeping #1 detached
        7 freed 1
        7 call poll
        9 got 1
        9 1 ready detached
        10 1 running #1
        12 1 done
        13 freed 1
        13 end
    )");
    EXPECT_EQ(picture(*recording, true), "MainThread: RRssssRIIRssRd\n"
                                         "MainThread/worker: 00....0000..0\n"
                                         "main (Task-1): .CRGGRzzzCRRd\n"
                                         "main (Task-1)/worker: ..0000....00\n"
                                         "w0: RRRGGRRIIRRRR\n"
                                         "w0/task: MMmmmmMMMMmmM\n"
                                         "gil GIL: MMM..mm..MMMM\n"
                                         "gil GIL/worker: 000..00..0000\n");
    const std::vector<std::string> names = namesOf(*recording, "main (Task-1)");
    EXPECT_THAT(names, testing::Contains("app.py:5").Times(testing::Ge(3)));
    EXPECT_TRUE(recording->diagnostics.empty()) << recording->diagnostics[0].message;
}

TEST(AgentSession, AnAsyncioStepRunsWithinAPoolsItemWithinAThread) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 101 Pool_0
        0 start
        0 task 1 item pool_item
        0 task 2 coroutine asyncio
        1 1 running
        3 2 running
        5 2 suspended detached
        6 1 failed
        8 end
    )");
    EXPECT_EQ(picture(*recording), "Pool 0: RsssssRRd\n"
                                   "item: .RRssRf\n"
                                   "coroutine: ...RRsssx\n"
                                   "w0: RRRRRRRR\n");
}

TEST(AgentSession, ItemsOfOneKeyAreOneTaskInSeveralProcesses) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        0 got 1
        1 task 1 square pool_item key-7
        1 1 queued
        9 freed 1
        9 end
        process 200 python3 parent 100 forked-by 100
        thread 200 MainThread
        2 start
        2 object 1 gil GIL
        2 got 1
        3 task 4 square pool_item key-7
        3 4 running
        6 4 done
        7 freed 1
        7 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread (pid 100): RRRRRRRRRd\n"
                                   "square: .QQRRRd\n"
                                   "MainThread (pid 200): ..RsssRd\n"
                                   "w0: RRRRRRRRR\n"
                                   "w1: ..RRRRR\n"
                                   "gil GIL: MMMMMMMMM\n"
                                   "gil GIL of python3 200: ..MMMMM\n");
    EXPECT_EQ(recording->tasks.size(), 3u);
    const auto spawns = linksOf(*recording, LinkKind::Spawn);
    ASSERT_EQ(spawns.size(), 1u);
    EXPECT_EQ(recording->task(spawns[0].from.task).name, "MainThread (pid 100)");
    EXPECT_EQ(recording->task(spawns[0].to.task).name, "MainThread (pid 200)");
}

TEST(AgentSession, EachSubinterpreterHasItsGil) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        0 got 1
        9 end
        thread 101 Sub
        0 start
        1 object 2 gil GIL_2
        1 wait 2
        3 got 2
        5 freed 2
        9 end
    )");
    EXPECT_THAT(picture(*recording), HasSubstr("gil GIL: MMMMMMMMM\n"
                                               "gil GIL 2: ...SS\n"));
    EXPECT_THAT(causesOf(*recording, "Sub"), ElementsAre("GIL 2"));
    EXPECT_EQ(diagnostic(*recording, "overlapping-holds"), nullptr);
}

TEST(AgentSession, NothingIsFollowedOfALockThatFailed) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        0 got 1
        4 failed 1
        4 note 1 gil-failed The_GIL_is_not_followed.
        5 freed 1
        6 got 1
        9 end
        thread 101 Worker
        1 start
        2 wait 1
        7 got 1
        9 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RRRRRRRRRd\n"
                                   "Worker: .RGGGGGRRd\n"
                                   "w0: RRRRRRRRR\n"
                                   "w1: .RGGGGGRR\n"
                                   "gil GIL: MMMM\n");
    const auto* const note = diagnostic(*recording, "gil-failed");
    ASSERT_NE(note, nullptr);
    EXPECT_EQ(note->message, "The GIL is not followed.");
    EXPECT_EQ(note->severity, recording::Severity::Warning);
}

TEST(AgentSession, NothingIsConcludedAcrossDroppedEvents) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        0 task 1 item pool_item
        1 got 1
        2 1 running
        4 mark still_here
        8 dropped 5
        8 freed 1
        9 got 1
        11 freed 1
        12 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RRss.....RRRd\n"
                                   "item: ..RR........x\n"
                                   "w0: RRRR.....RRR\n"
                                   "gil GIL: .MMM.....MM\n");
    EXPECT_EQ(diagnostic(*recording, "unpaired-lock-events"), nullptr);
    EXPECT_EQ(diagnostic(*recording, "dropped-events")->count, 5u);
}

TEST(AgentSession, AKilledProcessEndsAtItsLastSignOfLife) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        1 wait 1
        thread 101 Worker
        0 start
        0 got 1
        2 freed 1
        2 call sleep
        kernel
        0 in 100 0
        2 out 100 0
        8 rss 100 64
        9 in 999 1
        12 out 999 1
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RGGGGGGGx\n"
                                   "Worker: RRzzzzzzx\n"
                                   "w0: RRGGGGGG\n"
                                   "w1: RRzzzzzz\n"
                                   "core 0: MM\n"
                                   "gil GIL: WW\n");
    EXPECT_EQ(recording->range.endNs, 8000);
}

TEST(AgentSession, AThreadWhoseNumberIsUsedAgainEndsBefore) {
    const auto recording = agentRecording(R"(
        process 100 a.out
        thread 100 main
        0 start
        20 end
        thread 101 first
        1 start
        thread 101 second
        8 start
        12 end
        kernel
        1 in 101 0
        3 out 101 0
        8 in 101 1
        12 out 101 1
    )");
    EXPECT_THAT(picture(*recording), HasSubstr("w1: .RRzzzzz\nw2: ........RRRR\n"));
    EXPECT_EQ(recording->workers[1].life.endNs, 8000);
}

TEST(AgentSession, AProcessThatExecutesAnotherProgramHasTwoLives) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        4 mark executes_another
        process 100 other
        thread 100 other
        6 start
        9 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RRRRx\n"
                                   "other: ......RRRd\n"
                                   "w0: RRRR\n"
                                   "w1: ......RRR\n");
    ASSERT_EQ(recording->marks.size(), 1u);
    EXPECT_EQ(recording->marks[0].timeNs, 4000);
    EXPECT_EQ(recording->marks[0].pid, 100u);
    EXPECT_EQ(recording->strings.text(recording->marks[0].name), "executes another");
}

TEST(AgentSession, WhatHappensAfterAThreadsEndChangesNoState) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        4 end
        5 got 1
        6 freed 1
        7 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RRRRd\n"
                                   "w0: RRRR\n"
                                   "gil GIL: .....M\n");
    EXPECT_EQ(diagnostic(*recording, "events-after-end"), nullptr);
    EXPECT_EQ(recording->workers[0].life.endNs, 7000);
}

TEST(AgentSession, ThreadsAreCalledWhatTheProgramCallsThem) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 python3
        0 start
        1 named 101 Loader
        2 named 0 MainThread
        9 end
        thread 101 python3
        0 start
        9 end
        thread 102 python3
        0 start
        9 end
        thread 103 python3
        0 start
        9 end
    )");
    EXPECT_EQ(recording->task(TaskId{1}).name, "MainThread");
    EXPECT_EQ(recording->task(TaskId{2}).name, "Loader");
    EXPECT_EQ(recording->task(TaskId{3}).name, "python3");
    EXPECT_EQ(recording->task(TaskId{4}).name, "python3 (2)") << "tracks are told apart by name";
    EXPECT_EQ(recording->worker(WorkerId{2}).name, "Loader");
}

TEST(AgentSession, ThreadsWithoutAnAgentAreCountedAndShownOnTheCores) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        9 end
        kernel
        0 in 100 0
        9 out 100 0
        2 in 777 1
        5 out 777 1
    )");
    const auto* const others = diagnostic(*recording, "not-recorded-threads");
    ASSERT_NE(others, nullptr);
    EXPECT_EQ(others->count, 1u);
    const auto core = recording->trackOf(TrackKind::Core, 1);
    ASSERT_TRUE(core);
    EXPECT_EQ(recording->strings.text(recording->track(*core).spans.name[0]), "not recorded");
}

TEST(AgentSession, ObjectsOfOneNameAreToldApart) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 lock app.py:3
        0 object 2 lock app.py:3
        1 got 1
        2 got 2
        3 freed 2
        4 freed 1
        5 end
    )");
    EXPECT_EQ(recording->objects[0].name, "app.py:3");
    EXPECT_EQ(recording->objects[1].name, "app.py:3 (2)");
}

TEST(AgentSession, ObjectsOfOtherProcessesBearTheirNames) {
    const auto recording = agentRecording(R"(
        process 200 child parent 100
        thread 200 main
        2 start
        3 object 1 lock lock_1
        9 end
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 lock lock_1
        9 end
    )");
    EXPECT_EQ(recording->objects[0].name, "lock 1");
    EXPECT_EQ(recording->objects[1].name, "lock 1 of child 200");
}

TEST(AgentSession, WhatIsWrittenLateCountsAtItsTime) {
    const auto recording = agentRecording(R"(
        process 100 a.out
        thread 100 main
        0 start
        9 object 1 lock mutex_1
        2 got 1
        9 freed 1
        10 end
        thread 101 other
        1 start
        5 wait 1 100
        9 got 1 handoff
        10 freed 1
        10 end
    )");
    EXPECT_EQ(picture(*recording), "main: RRRRRRRRRRd\n"
                                   "other: .RRRRLLLLRd\n"
                                   "w0: RRRRRRRRRR\n"
                                   "w1: .RRRRLLLLR\n"
                                   "lock mutex 1: ..mmmmmmmo\n");
}

TEST(AgentSession, LocksMayBeReleasedByAnotherThread) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 lock lock_1
        1 got 1
        9 end
        thread 101 Worker
        0 start
        5 freed 1
        9 end
    )");
    EXPECT_THAT(picture(*recording), HasSubstr("lock lock 1: .MMMM\n"));
    EXPECT_EQ(diagnostic(*recording, "unpaired-lock-events"), nullptr);
}

TEST(AgentSession, ReadersHoldALockTogether) {
    const auto recording = agentRecording(R"(
        process 100 a.out
        thread 100 main
        0 start
        0 object 1 rwlock read-write_lock_1
        1 got 1
        4 freed 1
        9 end
        thread 101 other
        0 start
        2 got 1
        5 freed 1
        9 end
    )");
    EXPECT_EQ(diagnostic(*recording, "overlapping-holds"), nullptr);
    const auto track = recording->trackOf(TrackKind::Lock, 1);
    ASSERT_TRUE(track);
    EXPECT_EQ(recording->track(*track).spans.size(), 2u);
}

TEST(AgentSession, OfTwoEventsAtOneMomentTheReleaseComesFirst) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        1 wait 1
        4 got 1 forced
        6 freed 1
        9 end
        thread 101 Worker
        0 start
        0 got 1
        4 freed 1
        9 end
    )");
    EXPECT_THAT(picture(*recording), HasSubstr("gil GIL: WWWWMM\n"));
    EXPECT_EQ(diagnostic(*recording, "overlapping-holds"), nullptr);
}

TEST(AgentSession, WhoIsWokenByNobodyIsWokenByTheThread) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 task 1 one asyncio
        1 spawned 1 0
        1 1 ready detached
        2 1 running
        3 1 suspended detached
        5 woken 1 0
        5 1 ready detached
        6 1 running
        7 1 done
        9 end
    )");
    const auto wakes = linksOf(*recording, LinkKind::Wake);
    ASSERT_EQ(wakes.size(), 1u);
    EXPECT_EQ(recording->task(wakes[0].from.task).name, "MainThread");
    EXPECT_EQ(recording->task(wakes[0].to.task).name, "one");
    EXPECT_EQ(wakes[0].to.timeNs, 6000);
    EXPECT_EQ(linksOf(*recording, LinkKind::Spawn).size(), 1u);
}

TEST(AgentSession, TakesNothingOnTrust) {
    const auto recording = agentRecording(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 task 1 a_name_that_is_longer_than_fifteen_bytes asyncio
        cut
        1 1 running
        2 object 4000000000 gil GIL
        2 got 3
        3 spawned 5 6
        4 step 70000 x
        5 task 4000000000 far asyncio
        6 4000000000 running
        8 end
    )");
    EXPECT_EQ(picture(*recording), "MainThread: RRRRRRssd\n"
                                   "far: ......RRx\n"
                                   "w0: RRRRRRRR\n");
    ASSERT_NE(diagnostic(*recording, "damaged-names"), nullptr);
    EXPECT_EQ(diagnostic(*recording, "damaged-names")->count, 3u);
    ASSERT_NE(diagnostic(*recording, "unnamed-events"), nullptr);
    EXPECT_EQ(diagnostic(*recording, "unnamed-events")->count, 3u);
}

TEST(AgentSession, OfAModelTheManifestsNumbersHold) {
    Manifest names;
    names.tasks = {{"dish 1", "dish"}, {"dish 2", "dish"}};
    names.objects = {{"stove", "lock", 1}, {"GIL", "gil", 1}};
    names.steps = {"chop"};
    const auto recording = agentRecording(R"(
        process 100 python3 model
        thread 101 worker_1
        0 start
        0 object 28672 gil GIL
        0 got 28672
        1 2 running #1
        3 freed 28672
        3 wait 28672
        5 got 28672 forced
        6 wait 1
        8 got 1
        9 freed 1
        9 2 done
        10 end
    )",
                                          names);
    EXPECT_EQ(picture(*recording), "dish 2: RRGGRLLRd\n"
                                   "w0: RRGGRLLR\n"
                                   "lock stove: .......d\n"
                                   "gil GIL: dd..ddddd\n");
    EXPECT_EQ(recording->tasks.size(), 2u) << "a model's threads are no tasks";
}

} // namespace
} // namespace interleave::collector
