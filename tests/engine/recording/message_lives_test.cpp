// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/message_lives.h"

#include <gtest/gtest.h>
#include <random>

namespace interleave::recording {
namespace {

constexpr ObjectId kQueue{1};
constexpr ObjectId kOther{2};

MessageEvent step(Nanoseconds ns, MessageStep what, ObjectId queue = kQueue,
                  std::uint32_t message = 1) {
    return {.timeNs = ns,
            .message = message,
            .step = what,
            .object = isInQueue(what) ? queue : ObjectId{},
            .worker = WorkerId{7}};
}

MessageEvent redelivered(Nanoseconds ns) {
    MessageEvent event = step(ns, MessageStep::Delivered);
    event.isRedelivered = true;
    return event;
}

TEST(MessageLives, AReceivedAndAcknowledgedMessageIsOneCopy) {
    const auto lives =
        MessageLives::of(std::vector{step(0, MessageStep::Published), step(1, MessageStep::Queued),
                                     step(2, MessageStep::Confirmed),
                                     step(3, MessageStep::Delivered), step(5, MessageStep::Acked)});
    ASSERT_EQ(lives.copies.size(), 1u);
    const MessageCopy& copy = lives.copies[0];
    EXPECT_EQ(copy.end, CopyEnd::Acked);
    EXPECT_EQ(copy.queuedNs, 1);
    EXPECT_EQ(copy.endNs, 5);
    ASSERT_EQ(lives.deliveriesOf(copy).size(), 1u);
    const MessageDelivery& delivery = lives.deliveriesOf(copy)[0];
    EXPECT_EQ(delivery.readySinceNs, 1);
    EXPECT_EQ(delivery.timeNs, 3);
    EXPECT_EQ(delivery.endNs, 5);
    EXPECT_EQ(delivery.end, MessageStep::Acked);
    EXPECT_FALSE(delivery.isRedelivered);
    EXPECT_EQ(lives.unpaired + lives.repeated, 0u);
}

TEST(MessageLives, WhereItWasRoutedMayBeUnknown) {
    const auto lives = MessageLives::of(
        std::vector{step(2, MessageStep::Published), step(5, MessageStep::Delivered)});
    ASSERT_EQ(lives.copies.size(), 1u);
    EXPECT_EQ(lives.copies[0].queuedNs, 2) << "it went there when it was published";
    EXPECT_EQ(lives.copies[0].end, CopyEnd::StillUnacked);
    EXPECT_EQ(lives.unpaired, 0u);
    const auto attached = MessageLives::of(std::vector{step(5, MessageStep::Delivered)});
    EXPECT_EQ(attached.copies[0].queuedNs, 5) << "the publisher was not recorded";
    EXPECT_EQ(attached.unpaired, 0u);
}

TEST(MessageLives, ADeliveryAfterAnAcknowledgementSaysThatItNeverArrived) {
    const auto lives = MessageLives::of(
        std::vector{step(0, MessageStep::Queued), step(1, MessageStep::Delivered),
                    step(2, MessageStep::Acked), redelivered(5), step(6, MessageStep::Acked)});
    ASSERT_EQ(lives.copies.size(), 1u);
    EXPECT_EQ(lives.copies[0].end, CopyEnd::Acked);
    EXPECT_EQ(lives.copies[0].endNs, 6);
    ASSERT_EQ(lives.deliveries.size(), 2u);
    EXPECT_EQ(lives.deliveries[0].end, MessageStep::Requeued);
    EXPECT_EQ(lives.deliveries[1].readySinceNs, 2);
    EXPECT_EQ(lives.unpaired + lives.repeated, 0u);
}

TEST(MessageLives, WhoWasKilledGaveItBackWithoutSayingSo) {
    const auto lives = MessageLives::of(
        std::vector{step(0, MessageStep::Queued), step(1, MessageStep::Delivered), redelivered(9)});
    ASSERT_EQ(lives.deliveries.size(), 2u);
    EXPECT_EQ(lives.deliveries[0].end, MessageStep::Requeued);
    EXPECT_EQ(lives.deliveries[0].endNs, 9);
    EXPECT_TRUE(lives.deliveries[0].endedBy.isNone());
    EXPECT_TRUE(lives.deliveries[1].isRedelivered);
    EXPECT_EQ(lives.repeated, 0u);
}

TEST(MessageLives, AFullQueueMayRefuseWhatNeverLayInIt) {
    const auto lives = MessageLives::of(
        std::vector{step(0, MessageStep::Published), step(1, MessageStep::Overflowed)});
    ASSERT_EQ(lives.copies.size(), 1u);
    EXPECT_EQ(lives.copies[0].end, CopyEnd::Overflowed);
    EXPECT_EQ(lives.copies[0].queuedNs, lives.copies[0].endNs);
    EXPECT_EQ(lives.unpaired, 0u);
}

TEST(MessageLives, ARoundThroughADeadLetterExchangeIsANewCopyEachTime) {
    std::vector<MessageEvent> events{step(0, MessageStep::Queued)};
    for (Nanoseconds i = 1; i <= 3; ++i) { // refused, waits elsewhere, comes back
        events.push_back(step(10 * i, MessageStep::Delivered));
        events.push_back(step(10 * i + 1, MessageStep::Rejected));
        events.push_back(step(10 * i + 1, MessageStep::DeadLettered, kOther));
        events.push_back(step(10 * i + 5, MessageStep::Expired, kOther));
        events.push_back(step(10 * i + 5, MessageStep::DeadLettered));
    }
    events.push_back(step(50, MessageStep::Delivered));
    events.push_back(step(51, MessageStep::Acked));
    const auto lives = MessageLives::of(events);
    ASSERT_EQ(lives.copies.size(), 7u);
    std::size_t origins = 0;
    for (const MessageCopy& copy : lives.copies) {
        origins += copy.origin ? 1U : 0U;
        const bool isLast = copy.queuedNs == 35;
        EXPECT_EQ(copy.end, isLast ? CopyEnd::Acked : CopyEnd::DeadLettered);
        if (copy.origin) {
            EXPECT_EQ(lives.copies[*copy.origin].endNs, copy.queuedNs);
            EXPECT_NE(lives.copies[*copy.origin].queue, copy.queue);
        }
    }
    EXPECT_EQ(origins, 6u);
    EXPECT_EQ(lives.unpaired + lives.repeated, 0u);
}

TEST(MessageLives, OneRefusalMayLeadIntoSeveralQueues) {
    const auto lives =
        MessageLives::of(std::vector{step(0, MessageStep::Queued), step(3, MessageStep::Expired),
                                     step(3, MessageStep::DeadLettered, kOther),
                                     step(3, MessageStep::DeadLettered, ObjectId{3})});
    ASSERT_EQ(lives.copies.size(), 3u);
    EXPECT_EQ(lives.copies[0].end, CopyEnd::DeadLettered);
    EXPECT_EQ(lives.copies[1].origin, 0u);
    EXPECT_EQ(lives.copies[2].origin, 0u);
}

// Whatever the events are, each copy that came has exactly one end, and nothing is counted twice.
TEST(MessageLives, EveryCopyEndsOnceWhateverTheEventsAre) {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        std::vector<MessageEvent> events;
        Nanoseconds now = 0;
        for (int i = 0; i < 200; ++i) {
            now += static_cast<Nanoseconds>(random() % 3);
            MessageEvent event = step(now, static_cast<MessageStep>(random() % 14),
                                      ObjectId{1 + static_cast<std::uint32_t>(random() % 3)},
                                      1 + static_cast<std::uint32_t>(random() % 4));
            event.isRedelivered = random() % 4 == 0;
            events.push_back(event);
        }
        const auto lives = MessageLives::of(events);
        std::size_t deliveries = 0;
        for (const MessageCopy& copy : lives.copies) {
            ASSERT_EQ(copy.firstDelivery, deliveries);
            deliveries += copy.deliveryCount;
            ASSERT_EQ(copy.isOver(), copy.endNs != kStillThere);
            Nanoseconds at = copy.queuedNs;
            for (const MessageDelivery& delivery : lives.deliveriesOf(copy)) {
                ASSERT_LE(at, delivery.timeNs);
                ASSERT_LE(delivery.timeNs, delivery.endNs);
                at = delivery.timeNs;
            }
            ASSERT_LE(at, copy.endNs);
        }
        ASSERT_EQ(deliveries, lives.deliveries.size());
    }
}

} // namespace
} // namespace interleave::recording
