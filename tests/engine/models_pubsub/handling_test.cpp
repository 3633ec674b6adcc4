// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of deliveries: acknowledged, tried again, refused, expired; and that all is
// accounted for. On the memory broker, which tells everything itself.
#include "tests/engine/models_pubsub/message_checks.h"

#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using record::EventKind;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(PubsubHandling, AHandlerGoesFromQueuedOverReservedToDone) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", bytes = "1 kB" }]
        [[task]]
        name = "h"
        on = "q"
        consumers = 1
        steps = [{ compute = "100 us" }]
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(statesOf(run, run.task("h")), "queued reserved running done");
    EXPECT_EQ(run.stretches(run.task("h"), State::Running).front().stream, "q 1");
    EXPECT_EQ(run.stretches(run.task("p"), State::Running).front().stream, "publisher 1");
    EXPECT_EQ(run.count(EventKind::ConsumerBegan), 1u);
    EXPECT_EQ(run.count(EventKind::ConsumerEnded), 1u);
    EXPECT_EQ(run.count(EventKind::MessageCarries), 1u);
}

TEST(PubsubHandling, WithPrefetchOneNobodyHoldsWhatAnotherCouldDo) {
    const char* const text = R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 8 }]
        [[task]]
        name = "h"
        on = "q"
        consumers = 2
        steps = [{ sleep = "5 ms" }]
    )";
    const auto mostReserved = [](const ModelRun& run) {
        int now = 0;
        int most = 0;
        for (const RecordedEvent& event : run.events) {
            if (event.kind == record::kindOf(State::Reserved)) {
                most = std::max(most, ++now);
            } else if (event.kind == record::kindOf(State::Running) &&
                       run.program.task(TaskId{event.a}).handles) {
                --now;
            }
        }
        return most;
    };
    const ModelRun one = runPubsub(text);
    const ModelRun many = runPubsub(text, {.parameters = {{"prefetch", "4"}}});
    EXPECT_THAT(accountFaults(one), IsEmpty());
    EXPECT_THAT(accountFaults(many), IsEmpty());
    EXPECT_LE(mostReserved(one), 2);
    EXPECT_GE(mostReserved(many), 4);
}

TEST(PubsubHandling, AFailedTryGoesBackIntoTheQueueAsOftenAsItMay) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 3 }]
        [[task]]
        name = "h"
        on = "q"
        retries = 2
        retry_delay = "3 ms"
        steps = [{ compute = "20 us" }, { fail = "always" }]
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Failed), 3u);
    EXPECT_EQ(run.count(EventKind::MessageRequeued), 6u);
    EXPECT_EQ(run.count(EventKind::MessageRejected), 3u);
    EXPECT_EQ(deliveredFrom(run, "q").size(), 9u);
    const TaskId first = run.task("h 1");
    EXPECT_EQ(triesOf(run, first), 3u);
    for (const Stretch& wait : run.stretches(first, State::Retrying)) {
        EXPECT_GE(wait.range.durationNs(), 3'000'000);
    }
}

TEST(PubsubHandling, ARefusedMessageGoesToTheDeadLetters) {
    const ModelRun run = runPubsub(R"(
        [[exchange]]
        name = "failed"
        kind = "fanout"
        [[message_queue]]
        name = "q"
        dead_letter = "failed"
        [[message_queue]]
        name = "grave"
        bind = [{ exchange = "failed" }]
        [[message_queue]]
        name = "office"
        bind = [{ exchange = "failed" }]
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 4 }]
        [[task]]
        name = "h"
        on = "q"
        steps = [{ fail = "always" }]
        [[task]]
        name = "clerk"
        on = "office"
        steps = [{ compute = "20 us" }]
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(copiesIn(run, "q").rejected, 4u);
    EXPECT_EQ(copiesIn(run, "grave").entered, 4u);
    EXPECT_EQ(copiesIn(run, "grave").left(), 0u);
    EXPECT_EQ(copiesIn(run, "office").acked, 4u);
    EXPECT_EQ(run.countEnds(State::Failed), 4u);
    EXPECT_EQ(run.countEnds(State::Done), 5u);
    EXPECT_THAT(run.diagnostic("messages"), HasSubstr("4 still queued"));
}

TEST(PubsubHandling, RoundByTheDeadLettersIsARetryThatHoldsNobody) {
    const ModelRun run = runPubsub(R"(
        [[exchange]]
        name = "failed"
        kind = "fanout"
        [[message_queue]]
        name = "work"
        dead_letter = "failed"
        [[message_queue]]
        name = "pause"
        bind = [{ exchange = "failed" }]
        ttl = "30 ms"
        dead_letter = ""
        dead_letter_key = "work"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "work", count = 5 }]
        [[task]]
        name = "h"
        on = "work"
        consumers = 1
        retries = 2
        steps = [{ compute = "20 us" }, { fail = "first-try" }]
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Done), 6u);
    EXPECT_EQ(copiesIn(run, "work").rejected, 5u);
    EXPECT_EQ(copiesIn(run, "work").acked, 5u);
    EXPECT_EQ(copiesIn(run, "pause").expired, 5u);
    EXPECT_EQ(run.count(EventKind::MessageDeadLettered), 10u);
    const TaskId task = run.task("h 1");
    EXPECT_EQ(triesOf(run, task), 2u);
    const auto running = run.stretches(task, State::Running);
    EXPECT_GE(running.back().range.beginNs - running.front().range.endNs, 29'000'000);
}

TEST(PubsubHandling, WhatFailsForGoodDoesNotGoRoundForEver) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "work"
        dead_letter = ""
        dead_letter_key = "pause"
        [[message_queue]]
        name = "pause"
        ttl = "5 ms"
        dead_letter = ""
        dead_letter_key = "work"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "work" }]
        [[task]]
        name = "h"
        on = "work"
        retries = 3
        steps = [{ fail = "always" }]
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(triesOf(run, run.task("h")), 4u);
    EXPECT_EQ(run.endOf(run.task("h")), State::Failed);
    EXPECT_EQ(copiesIn(run, "work").acked, 1u);
}

TEST(PubsubHandling, WithAutomaticAcknowledgementsAFailureLosesTheMessage) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 2 }]
        [[task]]
        name = "h"
        on = "q"
        retries = 5
        steps = [{ fail = "always" }]
    )",
                                   {.parameters = {{"acks", "auto"}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Failed), 2u);
    EXPECT_EQ(run.count(EventKind::MessageLost), 2u);
    EXPECT_EQ(deliveredFrom(run, "q").size(), 2u);
    EXPECT_THAT(run.diagnostic("messages"),
                HasSubstr("2 copies acknowledged whose work was never done"));
}

TEST(PubsubHandling, WhatExpiresBeforeAnybodyTookItIsSaidAndItsTaskCancelled) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "q"
        ttl = "20 ms"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 4 }]
        [[task]]
        name = "h"
        on = "q"
        consumers = 1
        steps = [{ sleep = "60 ms" }]
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Cancelled), 3u);
    EXPECT_EQ(copiesIn(run, "q").expired, 3u);
    EXPECT_THAT(run.diagnostic("message-gone"), HasSubstr("3 tasks were never done"));
}

TEST(PubsubHandling, AFullQueueDropsItsOldest) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "q"
        max_length = 3
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 10 }]
        [[task]]
        name = "late"
        steps = [{ compute = "10 us" }]
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(copiesIn(run, "q").overflowed, 7u);
    EXPECT_THAT(run.diagnostic("messages"), HasSubstr("7 dropped, 3 still queued"));
}

TEST(PubsubHandling, APublisherThatFailsLeavesNoTaskWaitingForItsMessages) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q" }, { fail = "always" }, { publish = "", key = "q" }]
        [[task]]
        name = "h"
        on = "q"
        steps = []
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Done), 1u);
    EXPECT_EQ(run.countEnds(State::Failed), 1u);
    EXPECT_EQ(run.countEnds(State::Cancelled), 1u);
    EXPECT_THAT(run.diagnostic("no-message-came"), HasSubstr("1 tasks were not needed"));
}

TEST(PubsubHandling, ASlowQueueHoldsUpOnlyItself) {
    const char* const text = R"(
        [[exchange]]
        name = "news"
        kind = "fanout"
        [[message_queue]]
        name = "quick"
        bind = [{ exchange = "news" }]
        [[message_queue]]
        name = "slow"
        bind = [{ exchange = "news" }]
        [[task]]
        name = "p"
        steps = [{ publish = "news", count = 10 }]
        [[task]]
        name = "quick reader"
        on = "quick"
        consumers = 1
        steps = [{ sleep = "1 ms" }]
        [[task]]
        name = "slow reader"
        on = "slow"
        consumers = 1
        steps = [{ sleep = "15 ms" }]
    )";
    const ModelRun run = runPubsub(text);
    EXPECT_THAT(accountFaults(run), IsEmpty());
    const auto endOf = [&](const std::string& task) {
        return run.stretches(run.task(task)).back().range.beginNs;
    };
    // The quick one is through while the slow one has most of it before it.
    EXPECT_LT(endOf("quick reader 10"), endOf("slow reader 6"));
}

} // namespace
} // namespace interleave::models
