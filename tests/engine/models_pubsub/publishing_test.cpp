// SPDX-License-Identifier: GPL-3.0-or-later
// What publishers wait for: confirms, room in a full queue, replies.
#include "engine/models/pubsub/pubsub.h"
#include "tests/engine/models_pubsub/message_checks.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using record::EventKind;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const kFlood = R"(
    [[message_queue]]
    name = "q"
    [[task]]
    name = "p"
    steps = [{ publish = "", key = "q", count = 2000, bytes = "10 B" }]
)";

class PubsubConfirms : public testing::TestWithParam<std::string> {};

TEST_P(PubsubConfirms, EveryMessageArrivesAndIsConfirmedWhereAsked) {
    const ModelRun run = runPubsub(kFlood, {.parameters = {{"confirms", GetParam()}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.count(EventKind::MessageRouted), 2000u);
    EXPECT_EQ(run.count(EventKind::MessageConfirmed), GetParam() == "none" ? 0u : 2000u);
    EXPECT_EQ(run.countEnds(State::Done), 1u);
}

INSTANTIATE_TEST_SUITE_P(Modes, PubsubConfirms, testing::Values("none", "each", "batch", "async"),
                         [](const auto& each) { return each.param; });

TEST(PubsubPublishing, WhatNoQueueWantsIsDroppedOrReturned) {
    const ModelRun run = runPubsub(R"(
        [[exchange]]
        name = "post"
        kind = "direct"
        [[message_queue]]
        name = "ann"
        bind = [{ exchange = "post", key = "ann" }]
        [[task]]
        name = "p"
        steps = [
          { publish = "post", key = "nobody", count = 3 },
          { publish = "post", key = "nobody", count = 2, mandatory = true },
          { publish = "post", key = "ann" },
        ]
        [[task]]
        name = "read"
        on = "ann"
        steps = []
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    std::size_t dropped = 0;
    std::size_t returned = 0;
    for (const RecordedEvent& event : run.events) {
        if (event.kind == EventKind::MessageUnroutable) {
            (event.b == 1 ? returned : dropped) += 1;
        }
    }
    EXPECT_EQ(dropped, 3u);
    EXPECT_EQ(returned, 2u);
    EXPECT_THAT(run.diagnostic("messages"), HasSubstr("3 messages that no queue wanted, dropped"));
    EXPECT_THAT(run.diagnostic("messages"), HasSubstr("2 messages that no queue wanted, returned"));
}

TEST(PubsubPublishing, AFullQueueBlocksThePublisherUntilThereIsRoom) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "q"
        max_length = 2
        overflow = "reject-publish"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 12 }]
        [[task]]
        name = "h"
        on = "q"
        consumers = 1
        steps = [{ sleep = "4 ms" }]
    )",
                                   {.parameters = {{"confirms", "each"}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Done), 13u);
    EXPECT_GT(run.total(run.task("p"), State::Blocked), 20'000'000);
    bool isQueueNamed = false;
    for (const Stretch& stretch : run.stretches(run.task("p"), State::Blocked)) {
        isQueueNamed |= stretch.detail.object == objectNamed(run, "q");
    }
    EXPECT_TRUE(isQueueNamed) << "the cause of a block names the full queue";
    EXPECT_THAT(run.diagnostic("messages"), HasSubstr("copies refused by a full queue"));
}

TEST(PubsubPublishing, AFullQueueThatNobodyEmptiesFailsThePublisher) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "q"
        max_length = 2
        overflow = "reject-publish"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 5 }]
    )");
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.endOf(run.task("p")), State::Failed);
    EXPECT_THAT(run.diagnostic("task-trouble"), HasSubstr("nobody takes messages out of it"));
}

TEST(PubsubPublishing, ARequestWaitsForItsOwnReply) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "questions"
        [[task]]
        name = "client"
        count = 4
        steps = [{ publish = "", key = "questions", reply = true, count = 2, name = "ask" }]
        [[task]]
        name = "server"
        on = "questions"
        consumers = 1
        result = "2 kB"
        steps = [{ sleep = "3 ms" }]
    )",
                                   {.workers = 4});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Done), 12u);
    EXPECT_THAT(run.diagnostic("messages"), HasSubstr("8 replies"));
    // A client is not done before both servers of its questions are, and waits as for any I/O.
    for (const scenario::Task& task : run.program.tasks) {
        if (task.handles) {
            const auto served = run.stretches(task.id).back().range.beginNs;
            const auto client = run.stretches(task.parent);
            EXPECT_GT(client.back().range.beginNs, served - 1'000'000) << task.name;
        } else {
            EXPECT_GE(run.total(task.id, State::WaitingIo), 6'000'000) << task.name;
        }
    }
}

TEST(PubsubPublishing, AReplyThatComesTooLateIsCountedAndIgnored) {
    const ModelRun run = runPubsub(R"(
        [[message_queue]]
        name = "questions"
        [[task]]
        name = "client"
        steps = [{ publish = "", key = "questions", reply = true, name = "ask" }]
        [[task]]
        name = "next"
        after = "client"
        steps = [{ sleep = "80 ms" }, { publish = "", key = "questions", reply = true }]
        [[task]]
        name = "server"
        on = "questions"
        consumers = 1
        steps = [{ sleep = "40 ms" }]
    )",
                                   {.workers = 1, .parameters = {{"reply_timeout", "10 ms"}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.endOf(run.task("client")), State::Failed);
    EXPECT_THAT(run.diagnostic("task-trouble"), HasSubstr("no reply came within 10.0 ms"));
    EXPECT_THAT(run.diagnostic("messages"), HasSubstr("replies that came too late"));
}

} // namespace
} // namespace interleave::models
