// SPDX-License-Identifier: GPL-3.0-or-later
// The same promises on RabbitMQ, which does not tell what it does: what it routed, expired or
// dropped is inferred, and everything is accounted for all the same.
#include "tests/engine/models_pubsub/message_checks.h"
#include "tests/support/private_broker.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace interleave::models {
namespace {

using record::EventKind;
using scenario::Fault;
using testing::HasSubstr;
using testing::IsEmpty;

class PubsubOnRabbitmq : public testing::Test {
protected:
    void SetUp() override {
        if (!support::PrivateBroker::isInstalled()) {
            GTEST_SKIP() << support::PrivateBroker::kNotInstalled;
        }
        m_broker = support::PrivateBroker::shared();
        ASSERT_NE(m_broker, nullptr);
    }
    ModelRun run(const std::string& text, RunSettings settings = {}) const {
        settings.broker = m_broker->url();
        return runPubsub(text, std::move(settings));
    }

    support::PrivateBroker* m_broker = nullptr;
};

TEST_F(PubsubOnRabbitmq, AFanoutExchangeMakesOneTaskForEachQueue) {
    std::string text = R"(
        [[exchange]]
        name = "news"
        kind = "fanout"
        [[task]]
        name = "reporter"
        steps = [{ publish = "news", count = 7, bytes = "100 B" }]
    )";
    for (int i = 0; i < 3; ++i) {
        text += fmt::format(R"(
            [[message_queue]]
            name = "q{0}"
            bind = [{{ exchange = "news" }}]
            [[task]]
            name = "handler {0}"
            on = "q{0}"
            consumers = 2
            steps = []
        )",
                            i);
    }
    const ModelRun result = run(text);
    EXPECT_THAT(accountFaults(result), IsEmpty());
    EXPECT_EQ(result.countEnds(State::Done), 22u);
    EXPECT_THAT(result.diagnostic("broker"), HasSubstr("RabbitMQ"));
}

TEST_F(PubsubOnRabbitmq, WhatFailsGoesBackAndThenToTheDeadLetters) {
    const ModelRun result = run(R"(
        [[message_queue]]
        name = "q"
        dead_letter = ""
        dead_letter_key = "grave"
        [[message_queue]]
        name = "grave"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 4 }]
        [[task]]
        name = "h"
        on = "q"
        retries = 1
        steps = [{ fail = "always" }]
    )");
    EXPECT_THAT(accountFaults(result), IsEmpty());
    EXPECT_EQ(result.countEnds(State::Failed), 4u);
    EXPECT_EQ(deliveredFrom(result, "q").size(), 8u);
    EXPECT_EQ(copiesIn(result, "q").rejected, 4u);
    EXPECT_EQ(copiesIn(result, "grave").entered, 4u);
    EXPECT_THAT(result.diagnostic("messages"), HasSubstr("4 still queued"));
}

TEST_F(PubsubOnRabbitmq, RoundByTheDeadLettersIsARetry) {
    const ModelRun result = run(R"(
        [[message_queue]]
        name = "work"
        dead_letter = ""
        dead_letter_key = "pause"
        [[message_queue]]
        name = "pause"
        ttl = "60 ms"
        dead_letter = ""
        dead_letter_key = "work"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "work", count = 3 }]
        [[task]]
        name = "h"
        on = "work"
        consumers = 1
        retries = 2
        steps = [{ fail = "first-try" }]
    )");
    EXPECT_THAT(accountFaults(result), IsEmpty());
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    EXPECT_EQ(copiesIn(result, "pause").expired, 3u);
    EXPECT_EQ(triesOf(result, result.task("h 1")), 2u);
}

TEST_F(PubsubOnRabbitmq, WhatExpiresOrIsPushedOutIsFoundOutAndTheRunEnds) {
    const ModelRun result = run(R"(
        [[message_queue]]
        name = "short"
        ttl = "20 ms"
        [[message_queue]]
        name = "small"
        max_length = 3
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "short", count = 4 },
                 { publish = "", key = "small", count = 10 }]
        [[task]]
        name = "h"
        on = "short"
        consumers = 1
        steps = [{ sleep = "150 ms" }]
    )");
    EXPECT_THAT(accountFaults(result), IsEmpty());
    EXPECT_EQ(result.countEnds(State::Cancelled), 3u);
    EXPECT_EQ(copiesIn(result, "short").expired, 3u);
    EXPECT_EQ(copiesIn(result, "small").overflowed, 7u);
}

TEST_F(PubsubOnRabbitmq, WhatNoQueueWantsIsDroppedOrReturned) {
    for (const char* confirms : {"none", "async"}) {
        const ModelRun result = run(R"(
            [[exchange]]
            name = "post"
            [[message_queue]]
            name = "ann"
            bind = [{ exchange = "post", key = "ann" }]
            [[task]]
            name = "p"
            steps = [{ publish = "post", key = "nobody", count = 3 },
                     { publish = "post", key = "nobody", count = 2, mandatory = true },
                     { publish = "post", key = "ann" }]
            [[task]]
            name = "read"
            on = "ann"
            steps = []
        )",
                                    {.parameters = {{"confirms", confirms}}});
        EXPECT_THAT(accountFaults(result), IsEmpty()) << confirms;
        EXPECT_THAT(result.diagnostic("messages"),
                    HasSubstr("3 messages that no queue wanted, dro"))
            << confirms;
        EXPECT_THAT(result.diagnostic("messages"),
                    HasSubstr("2 messages that no queue wanted, ret"))
            << confirms;
    }
}

TEST_F(PubsubOnRabbitmq, RequestsGetTheirRepliesAndFullQueuesHoldPublishersBack) {
    const ModelRun result = run(R"(
        [[message_queue]]
        name = "questions"
        [[message_queue]]
        name = "values"
        max_length = 2
        overflow = "reject-publish"
        [[task]]
        name = "client"
        count = 3
        steps = [{ publish = "", key = "questions", reply = true }]
        [[task]]
        name = "server"
        on = "questions"
        consumers = 1
        steps = [{ sleep = "3 ms" }]
        [[task]]
        name = "sensor"
        steps = [{ publish = "", key = "values", count = 12 }]
        [[task]]
        name = "store"
        on = "values"
        consumers = 1
        steps = [{ sleep = "10 ms" }]
    )",
                                {.workers = 4, .parameters = {{"confirms", "each"}}});
    EXPECT_THAT(accountFaults(result), IsEmpty());
    EXPECT_EQ(result.countEnds(State::Done), 3u + 3 + 1 + 12);
    EXPECT_GT(result.total(result.task("sensor"), State::Blocked), 30 * kMs);
    EXPECT_THAT(result.diagnostic("messages"), HasSubstr("3 replies"));
}

TEST_F(PubsubOnRabbitmq, ACutConnectionMeansTwiceOrNever) {
    const char* const text = R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "p"
        steps = [{ publish = "", key = "q", count = 6 }]
        [[task]]
        name = "h"
        on = "q"
        consumers = 2
        steps = [{ sleep = "400 ms" }]
    )";
    const std::vector<Fault> cut{{.kind = Fault::Kind::CutConnection, .atNs = 600 * kMs}};
    const ModelRun twice = run(text, {.parameters = {{"prefetch", "2"}}, .faults = cut});
    EXPECT_THAT(accountFaults(twice), IsEmpty());
    EXPECT_EQ(twice.countEnds(State::Done), 7u);
    const ModelRun never = run(text, {.parameters = {{"acks", "auto"}}, .faults = cut});
    EXPECT_THAT(accountFaults(never), IsEmpty());
    EXPECT_GE(never.count(EventKind::MessageLost), 1u);
    EXPECT_LT(never.countEnds(State::Done), 7u);
}

TEST_F(PubsubOnRabbitmq, TheLaterAPublisherWaitsForConfirmsTheLessItWaits) {
    const auto blocked = [&](const char* confirms) {
        const ModelRun result = run(R"(
            [[message_queue]]
            name = "q"
            [[task]]
            name = "p"
            steps = [{ publish = "", key = "q", count = 300 }]
        )",
                                    {.parameters = {{"confirms", confirms}, {"batch", "50"}}});
        EXPECT_THAT(accountFaults(result), IsEmpty()) << confirms;
        const TaskId task = result.task("p");
        fmt::print("confirms={}: {:.1f} ms in all, {:.1f} ms blocked\n", confirms,
                   toSeconds(result.stretches(task).back().range.beginNs -
                             result.stretches(task, State::Running).front().range.beginNs) *
                       1e3,
                   toSeconds(result.total(task, State::Blocked)) * 1e3);
        return result.total(task, State::Blocked);
    };
    // Others use the machine, too: of three tries one has to show it.
    bool isShown = false;
    for (int i = 0; i < 3 && !isShown; ++i) {
        const Nanoseconds each = blocked("each");
        const Nanoseconds batch = blocked("batch");
        const Nanoseconds none = blocked("none");
        isShown = each > 2 * batch && batch > none;
    }
    EXPECT_TRUE(isShown);
}

} // namespace
} // namespace interleave::models
