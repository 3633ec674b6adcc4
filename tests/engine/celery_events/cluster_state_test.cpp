// SPDX-License-Identifier: GPL-3.0-or-later
// What a cluster's events mean: stories told event by event, and the recording that comes of them.
#include "tests/engine/celery_events/cluster_story.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace interleave::celery_events {
namespace {

using enum EventType;

const recording::Counter* counterNamed(const recording::Recording& recording,
                                       const std::string& name) {
    const auto found = std::ranges::find(recording.counters, name, &recording::Counter::name);
    return found == recording.counters.end() ? nullptr : &*found;
}

bool hasMark(const recording::Recording& recording, const std::string& text) {
    return std::ranges::any_of(recording.marks, [&](const recording::Mark& mark) {
        return recording.strings.text(mark.name) == text;
    });
}

TEST(ClusterState, TaskIsQueuedThenReservedThenRunningThenDone) {
    ClusterStory story;
    story.task(0, TaskSent, "gen1@client", "a").queue = "celery";
    story.task(5, TaskReceived, "celery@w1", "a");
    story.at(8, TaskStarted, "celery@w1", "a");
    story.at(30, TaskSucceeded, "celery@w1", "a").runtimeNs = 20 * kMs;
    const auto recording = story.recorded(40);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]"),
              "queued 0-5, reserved 5-8, running 8-28, transfer 28-30, done");
    EXPECT_EQ(workOf(*recording, "celery@w1 / 1"), "a 8-28, a 28-30");
    EXPECT_EQ(recording->tasks[0].group, "app.work");
    EXPECT_EQ(recording->info.kernelTruth, "none");
    EXPECT_EQ(recording->workers.back().pid, 100u);
}

TEST(ClusterState, MessageIsFollowedFromItsExchangeToTheEndOfItsTask) {
    ClusterStory story;
    ClusterEvent& sent = story.task(0, TaskSent, "gen1@client", "a");
    sent.queue = "mails";
    sent.exchange = "work";
    sent.key = "mails.urgent";
    story.task(5, TaskReceived, "celery@w1", "a");
    story.task(7, TaskReceived, "celery@w2", "a"); // w1 was lost
    story.at(8, TaskStarted, "celery@w2", "a");
    story.at(30, TaskSucceeded, "celery@w2", "a");
    const auto recording = story.recorded(40);
    std::string steps;
    for (const recording::MessageEvent& event : recording->messages) {
        steps += fmt::format("{}{} {}", steps.empty() ? "" : ", ", nameOf(event.step),
                             (event.timeNs + kMs / 2) / kMs);
    }
    EXPECT_EQ(steps, "published 0, queued 0, delivered 5, requeued 7, delivered 7, acked 30");
    ASSERT_EQ(recording->bindings.size(), 1u);
    EXPECT_EQ(recording->bindings[0].key, "mails.urgent");
    EXPECT_EQ(recording->object(recording->bindings[0].exchange).name, "work");
    EXPECT_EQ(recording->object(recording->bindings[0].queue).kind, "message-queue");
    ASSERT_EQ(recording->consumers.size(), 2u);
    EXPECT_EQ(recording->worker(recording->consumers[0].worker).name, "celery@w1");
    EXPECT_TRUE(std::ranges::any_of(recording->links, [](const recording::Link& link) {
        return link.kind == recording::LinkKind::Deliver;
    }));
}

TEST(ClusterState, TasksAtOnceTakePlacesOfThePoolFromTheLowestOn) {
    ClusterStory story;
    for (const char* const uuid : {"a", "b", "c"}) {
        story.task(0, TaskReceived, "celery@w1", uuid);
    }
    story.at(1, TaskStarted, "celery@w1", "a");
    story.at(2, TaskStarted, "celery@w1", "b");
    story.at(5, TaskSucceeded, "celery@w1", "a");
    story.at(6, TaskStarted, "celery@w1", "c");
    story.at(8, TaskSucceeded, "celery@w1", "c");
    story.at(9, TaskSucceeded, "celery@w1", "b");
    const auto recording = story.recorded(10);
    EXPECT_EQ(workOf(*recording, "celery@w1 / 1"), "a 1-5, c 6-8");
    EXPECT_EQ(workOf(*recording, "celery@w1 / 2"), "b 2-9");
    EXPECT_EQ(recording->info.workers, 2);
}

TEST(ClusterState, RetryWaitsUntilItIsDue) {
    ClusterStory story;
    story.task(0, TaskReceived, "celery@w1", "a");
    story.at(1, TaskStarted, "celery@w1", "a");
    story.task(4, TaskSent, "celery@w1", "a").retries = 1;
    story.at(5, TaskRetried, "celery@w1", "a").exception = "ValueError('no')";
    ClusterEvent& again = story.task(7, TaskReceived, "celery@w1", "a");
    again.retries = 1;
    again.etaNs = again.stampNs + 13 * kMs; // at 20
    story.at(23, TaskStarted, "celery@w1", "a");
    story.at(25, TaskSucceeded, "celery@w1", "a");
    const auto recording = story.recorded(30);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]"),
              "reserved 0-1, running 1-5, retrying 5-20, reserved 20-23, running 23-25, done");
}

TEST(ClusterState, NextTryMayBeReceivedBeforeTheLastOneIsToldToHaveFailed) {
    // The order in which Celery 5.2 really sends them.
    ClusterStory story;
    story.task(0, TaskReceived, "celery@w1", "a");
    story.at(1, TaskStarted, "celery@w1", "a");
    ClusterEvent& again = story.task(5, TaskReceived, "celery@w2", "a");
    again.retries = 1;
    again.parent = "a";
    again.etaNs = again.stampNs + 15 * kMs; // at 20
    story.task(6, TaskSent, "gen2@w1", "a").retries = 1;
    story.at(7, TaskRetried, "celery@w1", "a").exception = "ValueError('no')";
    story.at(8, TaskStarted, "celery@w1", "b");
    story.at(9, TaskFailed, "celery@w1", "b");
    story.at(23, TaskStarted, "celery@w2", "a");
    story.at(25, TaskSucceeded, "celery@w2", "a");
    const auto recording = story.recorded(30);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]"),
              "reserved 0-1, running 1-7, retrying 7-20, reserved 20-23, running 23-25, done");
    EXPECT_EQ(workOf(*recording, "celery@w1 / 1"), "a 1-7, b 8-9");
    EXPECT_EQ(workOf(*recording, "celery@w2 / 1"), "a 23-25");
    EXPECT_EQ(story.state().tasks().counts().redelivered, 0u);
}

TEST(ClusterState, RetryAtOnceGoesThroughTheQueue) {
    ClusterStory story;
    story.task(0, TaskReceived, "celery@w1", "a");
    story.at(1, TaskStarted, "celery@w1", "a");
    story.at(5, TaskRetried, "celery@w1", "a");
    story.task(9, TaskReceived, "celery@w2", "a").retries = 1;
    story.at(10, TaskStarted, "celery@w2", "a");
    story.at(12, TaskFailed, "celery@w2", "a").exception = "ValueError('no')";
    const auto recording = story.recorded(30);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]"),
              "reserved 0-1, running 1-5, retrying 5-9, reserved 9-10, running 10-12, failed");
    EXPECT_TRUE(hasMark(*recording, "app.work [a] failed: ValueError('no')"));
    EXPECT_EQ(workOf(*recording, "celery@w2 / 1"), "a 10-12");
}

TEST(ClusterState, TaskOfALostWorkerRunsTwiceAndTheTimeBetweenIsNotGuessed) {
    ClusterStory story;
    story.at(0, WorkerHeartbeat, "celery@w1").active = 0;
    story.task(1, TaskReceived, "celery@w1", "a");
    story.at(2, TaskStarted, "celery@w1", "a");
    ClusterEvent& beat = story.at(1000, WorkerHeartbeat, "celery@w1");
    beat.active = 1;
    beat.everyNs = 2000 * kMs;
    for (int ms = 2000; ms < 20'000; ms += 2000) {
        story.at(ms, WorkerHeartbeat, "celery@w2").active = 0;
    }
    story.task(20'000, TaskReceived, "celery@w2", "a");
    story.at(20'010, TaskStarted, "celery@w2", "a");
    story.at(20'500, TaskSucceeded, "celery@w2", "a");
    const auto recording = story.recorded(21'000);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]"),
              "reserved 0-1, running 1-999, reserved 19999-20009, running 20009-20499, done");
    EXPECT_EQ(story.state().vanished(), 1u);
    EXPECT_TRUE(hasMark(*recording, "celery@w1 went without a word"));
}

TEST(ClusterState, RedeliveryToAnotherWorkerIsSeenAsSuch) {
    ClusterStory story;
    story.task(0, TaskReceived, "celery@w1", "a");
    story.at(1, TaskStarted, "celery@w1", "a");
    story.task(50, TaskReceived, "celery@w2", "a");
    story.at(51, TaskStarted, "celery@w2", "a");
    story.at(60, TaskSucceeded, "celery@w2", "a");
    const auto recording = story.recorded(70);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]"),
              "reserved 0-1, running 1-50, reserved 50-51, running 51-60, done");
    EXPECT_EQ(story.state().tasks().counts().redelivered, 1u);
}

TEST(ClusterState, WhatAWorkerGivesBackIsQueuedAgain) {
    ClusterStory story;
    story.task(0, TaskReceived, "celery@w1", "a");
    story.at(10, WorkerOffline, "celery@w1");
    story.task(15, TaskReceived, "celery@w2", "a");
    story.at(16, TaskRejected, "celery@w2", "a").isRequeued = true;
    story.task(18, TaskReceived, "celery@w2", "a");
    story.at(20, TaskRevoked, "celery@w2", "a");
    const auto recording = story.recorded(30);
    EXPECT_EQ(
        lifeOf(*recording, "app.work [a]"),
        "reserved 0-10, queued 10-15, reserved 15-16, queued 16-18, reserved 18-20, cancelled");
}

TEST(ClusterState, ClientThatTellsLateIsPutInOrder) {
    ClusterStory story;
    story.task(3, TaskReceived, "celery@w1", "a");
    story.at(4, TaskStarted, "celery@w1", "a");
    story.task(0, TaskSent, "gen1@client", "a").queue = "celery"; // arrived last: see its stamp
    story.at(9, TaskSucceeded, "celery@w1", "a");
    story.task(11, TaskReceived, "celery@w1", "b");
    story.at(12, TaskStarted, "celery@w1", "b");
    story.at(14, TaskSucceeded, "celery@w1", "b");
    story.task(16, TaskSent, "gen1@client", "b"); // stamped after it was received, even
    const auto recording = story.recorded(20);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]"), "queued 0-3, reserved 3-4, running 4-9, done");
    EXPECT_EQ(lifeOf(*recording, "app.work [b]"), "reserved 11-12, running 12-14, done");
    EXPECT_EQ(story.state().tasks().counts().unsent, 0u);
}

TEST(ClusterState, TaskThatHadBegunBeforeIsShownAsFarAsItIsKnown) {
    ClusterStory story;
    story.at(30, TaskSucceeded, "celery@w1", "a").runtimeNs = 20 * kMs;
    story.at(31, TaskSucceeded, "celery@w1", "b");
    const auto recording = story.recorded(40);
    EXPECT_EQ(lifeOf(*recording, "task [a]"), "running 0-20, done");
    EXPECT_EQ(workOf(*recording, "celery@w1 / 1"), "a 0-20");
    EXPECT_EQ(story.state().tasks().counts().endsUnseen, 1u);
}

TEST(ClusterState, AfterAGapNothingIsTakenForKnown) {
    ClusterStory story;
    story.task(0, TaskReceived, "celery@w1", "a");
    story.task(0, TaskReceived, "celery@w1", "b");
    story.at(1, TaskStarted, "celery@w1", "a");
    story.loseSightAt(10);
    story.at(30, TaskStarted, "celery@w1", "b");
    story.at(33, TaskSucceeded, "celery@w1", "b");
    const auto recording = story.recorded(40);
    EXPECT_EQ(lifeOf(*recording, "app.work [a]"), "reserved 0-1, running 1-10, cancelled");
    EXPECT_EQ(lifeOf(*recording, "app.work [b]"), "reserved 0-10, running 30-33, done");
}

TEST(ClusterState, CallerIsLinkedToWhatItCalls) {
    ClusterStory story;
    story.task(0, TaskReceived, "celery@w1", "a");
    story.at(1, TaskStarted, "celery@w1", "a");
    story.task(5, TaskSent, "gen1@w1", "b").parent = "a";
    story.at(6, TaskSucceeded, "celery@w1", "a");
    story.task(8, TaskReceived, "celery@w1", "b");
    const auto recording = story.recorded(10);
    const auto spawn =
        std::ranges::find(recording->links, recording::LinkKind::Spawn, &recording::Link::kind);
    ASSERT_NE(spawn, recording->links.end());
    EXPECT_EQ(recording->task(spawn->from.task).name, "app.work [a]");
    EXPECT_EQ(recording->task(spawn->to.task).name, "app.work [b]");
    EXPECT_EQ((spawn->to.timeNs + kMs / 2) / kMs, 5);
}

TEST(ClusterState, HeartbeatsBecomeCounters) {
    ClusterStory story;
    ClusterEvent& beat = story.at(0, WorkerHeartbeat, "celery@w1");
    beat.active = 2;
    beat.processed = 17;
    beat.load = 1.25;
    story.task(1, TaskReceived, "celery@w1", "a");
    const auto recording = story.recorded(10);
    const auto* const load = counterNamed(*recording, "load of celery@w1");
    ASSERT_NE(load, nullptr);
    EXPECT_EQ(load->unit, "load");
    EXPECT_DOUBLE_EQ(load->value.front(), 1.25);
    const auto* const processed = counterNamed(*recording, "processed of celery@w1");
    ASSERT_NE(processed, nullptr);
    EXPECT_EQ(processed->value.front(), 17);
    const auto* const reserved = counterNamed(*recording, "tasks reserved");
    ASSERT_NE(reserved, nullptr);
    EXPECT_EQ(reserved->value.back(), 1);
}

TEST(ClusterState, MoreThanCanBeFollowedIsCounted) {
    ClusterStory story({.tasks = 10, .nodes = 3});
    for (int i = 0; i < 100; ++i) {
        story.task(i, TaskSent, "gen1@client", fmt::format("task-{}", i));
    }
    for (int i = 0; i < 10; ++i) {
        story.at(100 + i, WorkerHeartbeat, fmt::format("celery@w{}", i)).active = 0;
    }
    const auto recording = story.recorded(200);
    EXPECT_EQ(recording->tasks.size(), 10u);
    EXPECT_EQ(story.state().tasks().counts().unfollowed, 90u);
    EXPECT_EQ(story.state().unfollowed(), 8u);
}

TEST(ClusterState, NothingIsEverDrawnBackwards) {
    // Every order of a task's events, with stamps that contradict each other.
    std::vector<std::pair<EventType, std::string>> steps{{TaskSent, "gen1@client"},
                                                         {TaskReceived, "celery@w1"},
                                                         {TaskStarted, "celery@w1"},
                                                         {TaskSucceeded, "celery@w1"}};
    std::ranges::sort(steps);
    do {
        ClusterStory story;
        int ms = 0;
        for (const auto& [type, node] : steps) {
            ClusterEvent& event = story.task(++ms, type, node, "a");
            event.stampNs -= (ms % 3) * 7 * kMs;
            event.runtimeNs = 2 * kMs;
        }
        const auto recording = story.recorded(20);
        for (const recording::Track& track : recording->tracks) {
            Nanoseconds last = -1'000'000'000;
            for (std::size_t i = 0; i < track.spans.size(); ++i) {
                const recording::Span span = track.spans.at(i);
                ASSERT_LE(last, span.range.beginNs);
                ASSERT_LT(span.range.beginNs, span.range.endNs);
                last = span.range.endNs;
            }
        }
        for (const recording::Link& link : recording->links) {
            ASSERT_LE(link.from.timeNs, link.to.timeNs);
        }
    } while (std::ranges::next_permutation(steps).found);
}

} // namespace
} // namespace interleave::celery_events
