// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/message_report.h"

#include "engine/analysis/named_value.h"
#include "engine/analysis/statistics.h"
#include "engine/analysis/statistics_json.h"
#include "engine/recording/recording_builder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <random>

namespace interleave::analysis {
namespace {

using namespace recording;
using testing::ElementsAre;
using testing::IsEmpty;

/// Tells stories of messages with as few words as possible.
class Broker {
public:
    Broker() {
        m_tasks = m_builder.addObject({"tasks", "message-queue", 0});
        m_dead = m_builder.addObject({"dead", "message-queue", 0});
        m_builder.addObject({"unused", "message-queue", 0});
        m_shop = m_builder.addObject({"shop", "topic-exchange", 0});
        m_worker = m_builder.addWorker({.name = "worker 1"});
    }
    void at(Nanoseconds ms, std::uint32_t message, MessageStep step, bool isInDead = false,
            bool isRedelivered = false) {
        const ObjectId queue = isInDead ? m_dead : m_tasks;
        m_builder.addMessage({.timeNs = ms * 1'000'000,
                              .message = message,
                              .step = step,
                              .isRedelivered = isRedelivered,
                              .object = isInQueue(step)                  ? queue
                                        : step == MessageStep::Published ? m_shop
                                                                         : ObjectId{},
                              .worker = m_worker});
    }
    std::shared_ptr<const Recording> finish() {
        m_builder.addConsumer({m_tasks, m_worker, 4, {0, 100}});
        m_builder.addConsumer({m_tasks, m_worker, 4, {50, 90}});
        m_builder.addCounter({kReadyMessages, "messages", m_tasks.value, {0, 5, 9}, {1, 7, 0}});
        m_builder.addCounter({kUnackedMessages, "messages", m_tasks.value, {2, 9}, {3, 0}});
        return m_builder.finish();
    }

private:
    RecordingBuilder m_builder;
    ObjectId m_tasks, m_dead, m_shop;
    WorkerId m_worker;
};

/// One message of each fate.
std::shared_ptr<const Recording> everyFate() {
    using enum MessageStep;
    Broker broker;
    for (std::uint32_t message = 1; message <= 11; ++message) {
        broker.at(0, message, Published);
    }
    broker.at(1, 1, Queued); // acknowledged, after it came back once
    broker.at(3, 1, Delivered);
    broker.at(5, 1, Requeued);
    broker.at(9, 1, Delivered, false, true);
    broker.at(10, 1, Acked);
    broker.at(1, 2, Queued); // refused, and acknowledged as a dead letter
    broker.at(5, 2, Delivered);
    broker.at(6, 2, Rejected);
    broker.at(6, 2, DeadLettered, true);
    broker.at(8, 2, Delivered, true);
    broker.at(9, 2, Acked, true);
    broker.at(1, 3, Queued);
    broker.at(9, 3, Expired);
    broker.at(1, 4, Overflowed);
    broker.at(1, 5, Queued); // early ack
    broker.at(2, 5, Delivered);
    broker.at(2, 5, Acked);
    broker.at(30, 5, Lost);
    broker.at(1, 6, Queued);
    broker.at(1, 7, Queued);
    broker.at(4, 7, Delivered);
    broker.at(1, 8, Unroutable);
    broker.at(1, 9, Returned);
    broker.at(1, 10, Refused);
    broker.at(2, 1, Confirmed);
    return broker.finish(); // of 11 nothing more is known
}

TEST(MessageReport, BalancesTheBooks) {
    const MessageReport report = messageReport(*everyFate());
    EXPECT_EQ(report.published, 11u);
    EXPECT_EQ(report.unroutable, 1u);
    EXPECT_EQ(report.returned, 1u);
    EXPECT_EQ(report.refused, 1u);
    EXPECT_EQ(report.confirmed, 1u);
    EXPECT_EQ(report.unaccounted, 1u);
    EXPECT_THAT(report.faults(),
                ElementsAre("1 published messages came into no queue and were not given back."));
    const MessageTotals& all = report.totals;
    EXPECT_EQ(all.routed, 8u);
    EXPECT_EQ(all.ends.total(), all.routed);
    EXPECT_EQ(all.ends.of(CopyEnd::Acked), 2u);
    EXPECT_EQ(all.ends.of(CopyEnd::DeadLettered), 1u);
    EXPECT_EQ(all.ends.of(CopyEnd::Rejected), 0u);
    EXPECT_EQ(all.ends.of(CopyEnd::Expired), 1u);
    EXPECT_EQ(all.ends.of(CopyEnd::Overflowed), 1u);
    EXPECT_EQ(all.ends.of(CopyEnd::Lost), 1u);
    EXPECT_EQ(all.ends.of(CopyEnd::StillQueued), 1u);
    EXPECT_EQ(all.ends.of(CopyEnd::StillUnacked), 1u);
    EXPECT_EQ(all.acked, 3u) << "one was lost although it was acknowledged";
    EXPECT_EQ(all.lostAfterAck, 1u);
    EXPECT_EQ(all.delivered, 6u);
    EXPECT_EQ(all.redelivered, 1u);
    EXPECT_EQ(all.requeued, 1u);
    EXPECT_EQ(all.rejected, 1u);
    EXPECT_EQ(all.expired, 1u);
    EXPECT_EQ(all.overflowed, 1u);
    EXPECT_EQ(all.deadLettersIn, 1u);
    // Every published message is accounted for, but the one that is named above.
    EXPECT_EQ(report.published, (all.routed - all.deadLettersIn) + report.unroutable +
                                    report.returned + report.refused + report.unaccounted);
}

TEST(MessageReport, SaysItOfEachQueue) {
    const auto recording = everyFate();
    const MessageReport report = messageReport(*recording);
    ASSERT_EQ(report.queues.size(), 2u) << "one was never used";
    const QueueReport& tasks = report.queues[0];
    EXPECT_EQ(recording->object(tasks.queue).name, "tasks");
    EXPECT_EQ(tasks.published, 7u);
    EXPECT_EQ(tasks.totals.delivered, 5u);
    EXPECT_EQ(tasks.maxDepth, 7u);
    EXPECT_EQ(tasks.maxUnacked, 3u);
    EXPECT_EQ(tasks.consumers, 2u);
    const QueueReport& dead = report.queues[1];
    EXPECT_EQ(dead.published, 0u);
    EXPECT_EQ(dead.totals.routed, 1u);
    EXPECT_EQ(dead.totals.deadLettersIn, 1u);
    EXPECT_EQ(dead.totals.acked, 1u);
    ASSERT_TRUE(dead.totals.queueTime.p50Ns);
    EXPECT_EQ(*dead.totals.queueTime.p50Ns, 2'000'000);
    EXPECT_EQ(*dead.totals.unackedTime.meanNs, 1'000'000);
    // Ready for 2, 4, 4, 1 and 3 ms; held for 2, 1, 1 and 0 ms, and one still is.
    EXPECT_EQ(tasks.totals.queueTime.count, 5u);
    EXPECT_EQ(*tasks.totals.queueTime.meanNs, 2'800'000);
    EXPECT_EQ(*tasks.totals.queueTime.p50Ns, 3'000'000);
    EXPECT_EQ(*tasks.totals.queueTime.p99Ns, 4'000'000);
    EXPECT_EQ(tasks.totals.unackedTime.count, 4u);
    EXPECT_EQ(*tasks.totals.unackedTime.maximumNs, 2'000'000);
}

TEST(MessageReport, IsInTheStatisticsUnderTheKeysOfTheDesign) {
    const auto recording = everyFate();
    const auto json = nlohmann::json::parse(statisticsJson(*recording, statisticsOf(*recording)));
    const auto& queues = json.at("queues");
    ASSERT_EQ(queues.size(), 2u);
    for (const char* const key : {"name",
                                  "max_depth",
                                  "published",
                                  "delivered",
                                  "acked",
                                  "redelivered",
                                  "routed",
                                  "requeued",
                                  "rejected",
                                  "expired",
                                  "overflowed",
                                  "dead_letters_in",
                                  "lost_after_ack",
                                  "ends",
                                  "queue_time_mean_s",
                                  "queue_time_p50_s",
                                  "queue_time_p99_s",
                                  "unacked_time_mean_s",
                                  "unacked_time_p50_s",
                                  "unacked_time_p99_s",
                                  "max_unacked"}) {
        EXPECT_TRUE(queues[0].contains(key)) << key;
    }
    EXPECT_EQ(queues[0].at("name"), "tasks");
    EXPECT_EQ(queues[0].at("kind"), "message-queue");
    EXPECT_EQ(queues[0].at("published"), 7);
    EXPECT_EQ(queues[0].at("redelivered"), 1);
    EXPECT_DOUBLE_EQ(queues[0].at("queue_time_p50_s").get<double>(), 0.003);
    EXPECT_EQ(json.at("messages").at("published"), 11);
    EXPECT_EQ(json.at("messages").at("unaccounted"), 1);
    EXPECT_EQ(json.at("messages").at("ends").at("dead_lettered"), 1);
    EXPECT_EQ(json.at("messages").at("ends").at("still_queued"), 1);
    EXPECT_TRUE(json.contains("prefetch"));
}

TEST(MessageReport, IsAbsentWhereThereIsNoBroker) {
    RecordingBuilder builder;
    const ObjectId orders = builder.addObject({"orders", "queue", 4});
    builder.addObject({"tasks", "message-queue", 0});
    builder.addObjectSpan(orders, {.range = {0, 5}, .state = State::Queued});
    const auto recording = builder.finish();
    const Statistics statistics = statisticsOf(*recording);
    EXPECT_FALSE(statistics.messages);
    ASSERT_EQ(statistics.queues.size(), 1u);
    const auto json = nlohmann::json::parse(statisticsJson(*recording, statistics));
    EXPECT_FALSE(json.contains("messages"));
    EXPECT_FALSE(json.at("queues")[0].contains("acked")) << "not known of a queue of the program";
    EXPECT_FALSE(totalNamed("messages_lost", *recording, statistics));
}

TEST(MessageReport, GivesFailIfItsTotals) {
    const auto recording = everyFate();
    const Statistics statistics = statisticsOf(*recording);
    EXPECT_EQ(totalNamed("messages_lost", *recording, statistics), 1.0);
    EXPECT_EQ(totalNamed("messages_redelivered", *recording, statistics), 1.0);
    EXPECT_EQ(totalNamed("messages_unaccounted", *recording, statistics), 1.0);
}

// Whatever was told, what came in is what went out and what is there still.
TEST(MessageReport, BalancesTheBooksOfAnyEvents) {
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        Broker broker;
        Nanoseconds now = 0;
        for (int i = 0; i < 150; ++i) {
            now += static_cast<Nanoseconds>(random() % 2);
            broker.at(now, 1 + static_cast<std::uint32_t>(random() % 9),
                      static_cast<MessageStep>(random() % 14), random() % 3 == 0,
                      random() % 4 == 0);
        }
        const MessageReport report = messageReport(*broker.finish());
        ASSERT_EQ(report.totals.ends.total(), report.totals.routed);
        std::uint64_t routed = 0;
        std::uint64_t delivered = 0;
        for (const QueueReport& queue : report.queues) {
            ASSERT_EQ(queue.totals.ends.total(), queue.totals.routed);
            ASSERT_EQ(queue.totals.routed, queue.published + queue.totals.deadLettersIn);
            routed += queue.totals.routed;
            delivered += queue.totals.delivered;
        }
        ASSERT_EQ(routed, report.totals.routed);
        ASSERT_EQ(delivered, report.totals.delivered);
    }
}

} // namespace
} // namespace interleave::analysis
