// SPDX-License-Identifier: GPL-3.0-or-later
// Messages of a broker as agents in several programs tell them, each with numbers of its own.
#include "engine/recording/message_lives.h"
#include "tests/engine/collector/agent_story.h"
#include "tests/engine/collector/session_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>

namespace interleave::collector {
namespace {

using recording::LinkKind;
using recording::Recording;
using testing::ElementsAre;
using testing::HasSubstr;

// A producer publishes, a worker consumes; both name the queue and the exchange, the message and
// the task, under other numbers.
constexpr const char* kTwoProcesses = R"(
    process 100 producer
    thread 100 MainThread
    0 start
    0 object 1 direct-exchange celery
    0 object 2 message-queue celery
    0 binds 1 2 celery
    1 task 5 add[x] add key-1
    1 message 9 id-1
    1 5 queued
    2 published 9 1
    2 carries 9 5
    9 end
    process 200 worker
    thread 200 MainThread
    0 start
    0 object 7 message-queue celery
    0 object 8 direct-exchange celery
    0 binds 8 7 celery
    0 consumes 4 7
    4 message 1 id-1
    4 task 1 add add key-1
    4 delivered 1 7
    4 1 reserved
    5 1 running
    7 1 done
    8 acked 1 7
    9 end
)";

std::vector<std::string> objectsOf(const Recording& recording) {
    std::vector<std::string> objects;
    for (const recording::ObjectInfo& object : recording.objects) {
        objects.push_back(fmt::format("{} {}", object.kind, object.name));
    }
    return objects;
}

TEST(AgentMessages, AreOneInSeveralProcesses) {
    const auto recording = agentRecording(kTwoProcesses);
    EXPECT_THAT(objectsOf(*recording),
                ElementsAre("direct-exchange celery", "message-queue celery"));
    ASSERT_EQ(recording->bindings.size(), 1u);
    EXPECT_EQ(recording->bindings[0].exchange, ObjectId{1});
    EXPECT_EQ(recording->bindings[0].queue, ObjectId{2});
    EXPECT_EQ(recording->bindings[0].key, "celery");
    const auto lives = recording::MessageLives::of(recording->messages);
    ASSERT_EQ(lives.copies.size(), 1u);
    EXPECT_EQ(lives.copies[0].message, 1u);
    EXPECT_EQ(lives.copies[0].end, recording::CopyEnd::Acked);
    EXPECT_EQ(recording->task(lives.copies[0].task).name, "add[x]");
    const auto deliver =
        std::ranges::find(recording->links, LinkKind::Deliver, &recording::Link::kind);
    ASSERT_NE(deliver, recording->links.end());
    EXPECT_EQ(recording->worker(deliver->from.worker).pid, 100u);
    EXPECT_EQ(recording->worker(deliver->to.worker).pid, 200u);
    EXPECT_EQ(recording->task(deliver->from.task).group, "thread") << "who published it";
    EXPECT_EQ(recording->task(deliver->to.task).name, "add[x]");
    EXPECT_TRUE(std::ranges::none_of(recording->diagnostics, [](const auto& diagnostic) {
        return diagnostic.severity != recording::Severity::Info;
    }));
}

TEST(AgentMessages, WaitForNamesThatAnotherThreadWrites) {
    const auto streams = agentStreams(kTwoProcesses);
    AgentReplay replay;
    // The worker's stream is read first, as far as it goes, then the producer's.
    replay.add(streams[1], 0, streams[1].events.size());
    replay.translate(false);
    replay.add(streams[0], 0, streams[0].events.size());
    replay.translate(false);
    replay.translate(true);
    ASSERT_EQ(replay.manifest().objects.size(), 2u);
    EXPECT_EQ(replay.manifest().bindings.size(), 1u);
    std::size_t delivered = 0;
    std::size_t published = 0;
    for (const StreamEvents& stream : replay.streams()) {
        for (const TimedEvent& event : stream.events) {
            if (event.kind == record::EventKind::MessageDelivered) {
                ++delivered;
                EXPECT_EQ(event.a, 1u);
                EXPECT_EQ(event.b, 1u);
            } else if (event.kind == record::EventKind::MessagePublished) {
                ++published;
                EXPECT_EQ(event.a, 1u);
                EXPECT_EQ(event.b, 2u);
            }
        }
    }
    EXPECT_EQ(delivered, 1u);
    EXPECT_EQ(published, 1u);
}

TEST(AgentMessages, WithoutAKeyAreNobodyElses) {
    const auto recording = agentRecording(R"(
        process 100 a
        thread 100 MainThread
        0 start
        0 object 1 message-queue q
        0 message 1 _
        0 message 2 _
        1 routed 1 1
        1 routed 2 1
        9 end
        process 200 b
        thread 200 MainThread
        0 start
        0 object 1 message-queue q
        0 message 1 _
        2 delivered 1 1 again
        9 end
    )");
    const auto lives = recording::MessageLives::of(recording->messages);
    ASSERT_EQ(lives.copies.size(), 3u);
    EXPECT_TRUE(lives.deliveries[0].isRedelivered);
    EXPECT_EQ(lives.copies[2].message, 3u);
}

TEST(AgentMessages, ThatAreNotNamedAreCounted) {
    const auto recording = agentRecording(R"(
        process 100 a
        thread 100 MainThread
        0 start
        0 object 1 message-queue q
        0 binds 5 1 nothing
        0 message 1 id
        1 routed 2 1
        1 routed 1 4
        1 carries 1 3
        9 end
    )");
    EXPECT_TRUE(recording->messages.empty());
    const auto found =
        std::ranges::find(recording->diagnostics, "unnamed-events", &recording::Diagnostic::kind);
    ASSERT_NE(found, recording->diagnostics.end());
    EXPECT_EQ(found->count, 4u);
}

TEST(AgentMessages, OfAModelMeanItsOwnNumbersAndQueues) {
    const auto recording = agentRecording(R"(
        process 100 python3 model
        thread 100 MainThread
        0 start
        0 object 30000 message-queue tasks
        0 object 30001 message-queue amq.gen
        0 message 3000000000 reply
        1 1 running
        1 published 4 7
        2 routed 4 5
        2 carries 4 2
        3 delivered 4 30000
        4 routed 3000000000 30001
        5 1 done
        9 end
    )",
                                          kitchen());
    ASSERT_EQ(recording->objects.size(), kitchen().objects.size() + 1);
    EXPECT_EQ(recording->objects.back().name, "amq.gen");
    const auto lives = recording::MessageLives::of(recording->messages);
    ASSERT_EQ(lives.copies.size(), 2u);
    EXPECT_EQ(lives.copies[0].message, 4u) << "a number of the program's";
    EXPECT_EQ(lives.copies[0].queue, ObjectId{5}) << "the scenario's queue of that name";
    EXPECT_EQ(lives.copies[0].task, TaskId{2});
    EXPECT_EQ(lives.copies[0].deliveryCount, 1u);
    EXPECT_GT(lives.copies[1].message, kFirstNamedMessage) << "one that the model named itself";
    EXPECT_EQ(recording->messages[0].task, TaskId{1}) << "who published it";
}

} // namespace
} // namespace interleave::collector
