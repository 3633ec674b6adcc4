// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong on purpose, and that nothing is lost unseen; and that a run can be stopped at any
// moment.
#include "engine/models/pubsub/pubsub.h"
#include "tests/engine/models_pubsub/message_checks.h"
#include "tests/support/private_broker.h"

#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using record::EventKind;
using scenario::Fault;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const kWork = R"(
    [[message_queue]]
    name = "q"
    durable = true
    [[task]]
    name = "p"
    steps = [{ publish = "", key = "q", count = 6, persistent = true }]
    [[task]]
    name = "h"
    on = "q"
    consumers = 2
    steps = [{ sleep = "100 ms" }, { compute = "1 ms" }]
)";

TEST(PubsubFaults, WhatAConsumerHeldWhenItsConnectionWasCutComesBackAndRunsAgain) {
    const ModelRun run = runPubsub(
        kWork, {.parameters = {{"prefetch", "2"}},
                .faults = {{.kind = Fault::Kind::CutConnection, .atNs = 150 * kMs, .target = 1}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Done), 7u) << "nothing acknowledged by hand is lost";
    EXPECT_GE(run.count(EventKind::MessageRequeued), 1u);
    EXPECT_EQ(run.count(EventKind::MessageLost), 0u);
    std::size_t twice = 0;
    for (const scenario::Task& task : run.program.tasks) {
        const bool hasRetried = !run.stretches(task.id, State::Retrying).empty();
        twice += hasRetried && run.stretches(task.id, State::Sleeping).size() == 2 ? 1u : 0u;
    }
    EXPECT_EQ(twice, 1u) << "the one that was being worked on ran twice, and both show";
    EXPECT_GE(run.count(EventKind::ConsumerBegan), 3u);
    EXPECT_THAT(run.diagnostic("fault"), HasSubstr("\\\"q 1\\\" was cut"));
}

TEST(PubsubFaults, WithAutomaticAcknowledgementsTheSameIsLost) {
    const ModelRun run =
        runPubsub(kWork, {.parameters = {{"prefetch", "2"}, {"acks", "auto"}},
                          .faults = {{.kind = Fault::Kind::CutConnection, .atNs = 150 * kMs}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    const std::size_t lost = run.count(EventKind::MessageLost);
    EXPECT_GE(lost, 1u);
    EXPECT_EQ(run.countEnds(State::Done), 7u - lost);
    EXPECT_EQ(run.count(EventKind::MessageRequeued), 0u);
    EXPECT_EQ(run.countEnds(State::Failed), 1u) << "the one that was being worked on";
}

TEST(PubsubFaults, WhenTheBrokerStopsPersistentMessagesComeBackAndTheRunEnds) {
    const ModelRun run = runPubsub(
        kWork,
        {.faults = {{.kind = Fault::Kind::StopBroker, .atNs = 150 * kMs, .lengthNs = 50 * kMs}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Done), 7u);
    EXPECT_THAT(run.diagnostic("fault"), HasSubstr("The broker was stopped"));
}

TEST(PubsubFaults, WhenTheBrokerStopsTransientMessagesAreLostAndSaidToBe) {
    const std::string text = R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 6 }]
        [[task]]
        name = "h"
        on = "q"
        consumers = 1
        steps = [{ sleep = "100 ms" }]
    )";
    const ModelRun run = runPubsub(
        text,
        {.faults = {{.kind = Fault::Kind::StopBroker, .atNs = 150 * kMs, .lengthNs = 50 * kMs}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_GE(run.count(EventKind::MessageLost), 4u);
    EXPECT_GE(run.countEnds(State::Cancelled), 4u);
    EXPECT_THAT(run.diagnostic("messages"), HasSubstr("lost with the broker"));
}

TEST(PubsubFaults, APublisherWaitsForTheBrokerAndSendsAgainWhatWasNotConfirmed) {
    const ModelRun run = runPubsub(
        R"(
        [[message_queue]]
        name = "q"
        durable = true
        [[task]]
        name = "p"
        count = 30
        every = "3 ms"
        steps = [{ publish = "", key = "q", persistent = true }]
        [[task]]
        name = "h"
        on = "q"
        steps = []
    )",
        {.faults = {{.kind = Fault::Kind::StopBroker, .atNs = 30 * kMs, .lengthNs = 60 * kMs}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_EQ(run.countEnds(State::Done), 60u);
    Nanoseconds blocked = 0;
    for (const scenario::Task& task : run.program.tasks) {
        blocked += run.total(task.id, State::Blocked);
    }
    EXPECT_GT(blocked, 10 * kMs) << "somebody published while the broker was away";
}

TEST(PubsubFaults, ASlowedConsumerTakesLongerForEachMessage) {
    const ModelRun run = runPubsub(
        R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 8 }]
        [[task]]
        name = "h"
        on = "q"
        consumers = 2
        steps = [{ sleep = "2 ms" }]
    )",
        {.faults = {{.kind = Fault::Kind::SlowConsumer, .target = 1, .lengthNs = 30 * kMs}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    std::size_t bySecond = 0;
    for (const scenario::Task& task : run.program.tasks) {
        const auto running = run.stretches(task.id, State::Running);
        bySecond += !running.empty() && running.back().stream == "q 2" ? 1u : 0u;
    }
    EXPECT_GE(bySecond, 5u) << "the other one does most of the work";
}

TEST(PubsubFaults, AFaultThatNobodyCanDoIsSaid) {
    const ModelRun run = runPubsub(
        kWork, {.faults = {{.kind = Fault::Kind::KillWorker, .atNs = 1 * kMs, .target = 1}}});
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_THAT(run.diagnostic("fault-refused"), HasSubstr("kill-worker:1@1ms"));
    EXPECT_EQ(run.countEnds(State::Done), 7u);
}

using StopCase = std::tuple<const char*, std::pair<const char*, const char*>>;
class PubsubStop : public testing::TestWithParam<StopCase> {};

TEST_P(PubsubStop, EndsTheRunSoonAndLeavesNothingUnended) {
    const auto& [broker, text] = GetParam();
    RunSettings settings{.workers = 2, .stopAfter = std::chrono::milliseconds(250)};
    if (std::string_view(broker) == "rabbitmq") {
        if (!support::PrivateBroker::isInstalled()) {
            GTEST_SKIP() << support::PrivateBroker::kNotInstalled;
        }
        ASSERT_NE(support::PrivateBroker::shared(), nullptr);
        settings.broker = support::PrivateBroker::shared()->url();
    }
    const ModelRun run = runAndStop(*makePubsub(), std::string("name = \"t\"\n") + text.second,
                                    settings, std::chrono::milliseconds(200));
    ASSERT_TRUE(run.outcome.has_value()) << run.outcome.error().message;
    EXPECT_GE(run.stopTookNs, 0) << "it has not ended by itself";
    EXPECT_LT(run.stopTookNs, 200 * kMs);
    EXPECT_THAT(accountFaults(run), IsEmpty());
    EXPECT_GT(run.countEnds(State::Cancelled), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Whiles, PubsubStop,
    testing::Combine(testing::Values("memory", "rabbitmq"),
                     testing::Values(std::pair("handling", R"([[message_queue]]
            name = "q"
            [[task]]
            name = "p"
            steps = [{ publish = "", key = "q", count = 4 }]
            [[task]]
            name = "h"
            on = "q"
            steps = [{ sleep = "1000 s" }])"),
                                     std::pair("computing", R"([[message_queue]]
            name = "q"
            [[task]]
            name = "p"
            steps = [{ publish = "", key = "q", count = 4 }]
            [[task]]
            name = "h"
            on = "q"
            steps = [{ compute = "1000 s" }])"),
                                     std::pair("blocked", R"([[message_queue]]
            name = "q"
            max_length = 1
            overflow = "reject-publish"
            [[task]]
            name = "p"
            steps = [{ publish = "", key = "q", count = 4 }]
            [[task]]
            name = "h"
            on = "q"
            steps = [{ io = "1000 s" }])"),
                                     std::pair("calling", R"([[message_queue]]
            name = "q"
            [[task]]
            name = "p"
            steps = [{ publish = "", key = "q", reply = true }]
            [[task]]
            name = "h"
            on = "q"
            steps = [{ sleep = "1000 s" }])"),
                                     std::pair("expiring", R"([[message_queue]]
            name = "q"
            [[message_queue]]
            name = "pause"
            ttl = "1000 s"
            dead_letter = ""
            dead_letter_key = "q"
            [[task]]
            name = "p"
            steps = [{ publish = "", key = "pause" }]
            [[task]]
            name = "h"
            on = "q"
            steps = [{ sleep = "1 s" }])"))),
    [](const auto& each) {
        return std::string(std::get<0>(each.param)) + "_" + std::get<1>(each.param).first;
    });

} // namespace
} // namespace interleave::models
