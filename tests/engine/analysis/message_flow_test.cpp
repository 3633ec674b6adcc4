// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/message_flow.h"

#include "tests/support/broker_sketch.h"
#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>

namespace interleave::analysis {
namespace {

using recording::MessageStep;
using testing::ElementsAre;

class Flow : public testing::Test {
protected:
    std::shared_ptr<const recording::Recording> recording = support::brokerRecording();
    MessageFlow flow{*recording};

    std::uint32_t queue(std::uint32_t object) const {
        return *flow.topology().queue(ObjectId{object});
    }
    std::vector<std::uint32_t> messagesIn(const StaySet& set, Nanoseconds when) const {
        std::vector<std::uint32_t> messages;
        for (const Stay& stay : set.at(when, 100)) {
            messages.push_back(stay.message);
        }
        return messages;
    }
    const std::uint32_t mails = queue(4);
    const std::uint32_t dead = queue(6);
    const std::uint32_t mailer = *flow.topology().consumer(WorkerId{3});
};

TEST_F(Flow, FollowsAMessageThatIsDeliveredTwice) {
    EXPECT_THAT(messagesIn(flow.ready(mails), 20 * kMs), ElementsAre(20));
    EXPECT_EQ(flow.held(mailer).countAt(20 * kMs), 0U);
    EXPECT_THAT(messagesIn(flow.held(mailer), 25 * kMs), ElementsAre(20));
    EXPECT_THAT(messagesIn(flow.held(mails), 25 * kMs), ElementsAre(20));
    // Its consumer died; it lies behind those that came meanwhile.
    EXPECT_THAT(messagesIn(flow.ready(mails), 31 * kMs), ElementsAre(21, 22, 20));
    EXPECT_EQ(flow.held(mailer).countAt(31 * kMs), 0U);
    EXPECT_THAT(messagesIn(flow.held(mailer), 38 * kMs), ElementsAre(20));
    std::vector<MessageStep> steps;
    for (const MessageMove& move : flow.lifeOf(20)) {
        steps.push_back(move.step);
    }
    EXPECT_THAT(steps,
                ElementsAre(MessageStep::Published, MessageStep::Queued, MessageStep::Delivered,
                            MessageStep::Requeued, MessageStep::Delivered, MessageStep::Acked));
    EXPECT_TRUE(flow.lifeOf(20)[4].isRedelivered);
    EXPECT_EQ(flow.taskOf(20), TaskId{3});
}

TEST_F(Flow, CarriesARejectedMessageToTheDeadLetters) {
    EXPECT_EQ(flow.onTheWay(mails).countAt(44 * kMs + 500), 1U);
    EXPECT_THAT(messagesIn(flow.ready(dead), 50 * kMs), ElementsAre(21));
    const MessageMove died = flow.lifeOf(21).back();
    ASSERT_NE(died.edge, kNowhere);
    EXPECT_EQ(flow.topology().edges[died.edge].kind, EdgeKind::DeadLetter);
    EXPECT_EQ(died.node, dead);
    const FlowTotals end = flow.totalsAt(60 * kMs);
    EXPECT_EQ(end.of(MessageStep::DeadLettered), 1U);
    EXPECT_EQ(end.of(MessageStep::Rejected), 0U); // it went on
}

TEST_F(Flow, AccountsForEveryMessageAtEveryMoment) {
    for (Nanoseconds when = 0; when <= 60 * kMs; when += kMs / 2) {
        const FlowTotals totals = flow.totalsAt(when);
        std::uint64_t ended = 0;
        for (std::size_t i = 0; i < kMessageSteps; ++i) {
            ended += static_cast<MessageStep>(i) == MessageStep::DeadLettered ? 0 : totals.ended[i];
        }
        // No message of this recording has two copies at once.
        EXPECT_EQ(totals.published, totals.onTheWay + totals.ready + totals.held + ended) << when;
    }
    const FlowTotals end = flow.totalsAt(60 * kMs);
    EXPECT_EQ(end.published, 24U);
    EXPECT_EQ(end.of(MessageStep::Expired), 1U);
    EXPECT_EQ(end.of(MessageStep::Overflowed), 1U);
    EXPECT_EQ(end.of(MessageStep::Lost), 1U);
    EXPECT_EQ(end.of(MessageStep::Unroutable), 1U);
    EXPECT_EQ(end.of(MessageStep::Returned), 1U);
    EXPECT_EQ(end.ready, 6U); // five in the log, one dead letter
}

TEST_F(Flow, StepsFromMoveToMove) {
    EXPECT_EQ(flow.nextMove(-5), 2 * kMs);
    EXPECT_EQ(flow.nextMove(2 * kMs), 2 * kMs + kMs / 10);
    EXPECT_EQ(flow.previousMove(2 * kMs), std::nullopt);
    EXPECT_EQ(flow.previousMove(60 * kMs), recording->messages.back().timeNs);
    EXPECT_EQ(flow.nextMove(60 * kMs), std::nullopt);
    EXPECT_EQ(flow.movesAfter({2 * kMs, 2 * kMs + kMs / 10}).size(), 1U);
    EXPECT_EQ(flow.movesAfter({2 * kMs - 1, 2 * kMs + kMs / 10}).size(), 2U);
}

TEST(MessageFlow, GivesEveryQueueItsCopy) {
    support::BrokerSketch sketch;
    const ObjectId exchange = sketch.exchange("all", "fanout");
    const ObjectId one = sketch.queue("one");
    const ObjectId two = sketch.queue("two");
    sketch.published(10, 1, exchange);
    sketch.happened(11, 1, MessageStep::Queued, one);
    sketch.happened(12, 1, MessageStep::Queued, two);
    sketch.happened(20, 1, MessageStep::Delivered, one);
    sketch.happened(30, 1, MessageStep::Acked, one);
    const auto recording = sketch.finish(100);
    const MessageFlow flow(*recording);
    EXPECT_EQ(flow.totalsAt(10).onTheWay, 1U);
    EXPECT_EQ(flow.totalsAt(15).ready, 2U);
    EXPECT_EQ(flow.totalsAt(25).held, 1U);
    EXPECT_EQ(flow.totalsAt(100).ready, 1U);
    EXPECT_EQ(flow.totalsAt(100).of(MessageStep::Acked), 1U);
}

TEST(MessageFlow, CountsARefusalOnce) {
    support::BrokerSketch sketch;
    const ObjectId queue = sketch.queue("small", 1);
    sketch.published(1, 1);
    sketch.happened(2, 1, MessageStep::Overflowed, queue); // refused at the door
    sketch.happened(3, 1, MessageStep::Refused, {});
    sketch.published(4, 2);
    sketch.happened(5, 2, MessageStep::Refused, {});
    const auto recording = sketch.finish(10);
    const FlowTotals totals = MessageFlow(*recording).totalsAt(10);
    EXPECT_EQ(totals.of(MessageStep::Overflowed), 1U);
    EXPECT_EQ(totals.of(MessageStep::Refused), 1U);
    EXPECT_EQ(totals.onTheWay, 0U);
}

// Acknowledged before its work was done, by a consumer that died: it counts as done, then as lost.
TEST(MessageFlow, TakesBackAnAcknowledgementOfWhatWasLost) {
    support::BrokerSketch sketch;
    const ObjectId queue = sketch.queue("q");
    const WorkerId worker = sketch.worker("w");
    sketch.published(1, 1);
    sketch.happened(2, 1, MessageStep::Queued, queue);
    sketch.happened(3, 1, MessageStep::Delivered, queue, worker);
    sketch.happened(4, 1, MessageStep::Acked, queue, worker);
    sketch.happened(8, 1, MessageStep::Lost, queue);
    const auto recording = sketch.finish(20);
    const MessageFlow flow(*recording);
    EXPECT_EQ(flow.totalsAt(5).of(MessageStep::Acked), 1U);
    EXPECT_EQ(flow.totalsAt(5).of(MessageStep::Lost), 0U);
    EXPECT_EQ(flow.totalsAt(9).of(MessageStep::Acked), 0U);
    EXPECT_EQ(flow.totalsAt(9).of(MessageStep::Lost), 1U);
    EXPECT_EQ(flow.lifeOf(1).back().node, *flow.topology().consumer(worker));
}

// A stream that begins in the middle: what is told of a message may lack its begin.
TEST(MessageFlow, TakesMessagesWithoutABegin) {
    support::BrokerSketch sketch;
    const ObjectId queue = sketch.queue("q");
    const WorkerId worker = sketch.worker("w");
    sketch.happened(5, 1, MessageStep::Delivered, queue, worker);
    sketch.happened(9, 1, MessageStep::Acked, queue, worker);
    sketch.happened(6, 2, MessageStep::Acked, queue, worker);
    sketch.happened(7, 3, MessageStep::DeadLettered, queue);
    sketch.happened(8, 4, MessageStep::Requeued, ObjectId{50}, WorkerId{60});
    sketch.happened(8, 5, MessageStep::Expired, {});
    const auto recording = sketch.finish(20);
    const MessageFlow flow(*recording);
    EXPECT_EQ(flow.held(*flow.topology().consumer(worker)).countAt(7), 1U);
    EXPECT_EQ(flow.ready(*flow.topology().queue(queue)).countAt(20), 1U);
    EXPECT_EQ(flow.totalsAt(20).of(MessageStep::Acked), 2U);
}

TEST(MessageFlow, OfNothingAnswersToo) {
    const MessageFlow flow(*support::sketch("a: RRd\n"));
    EXPECT_EQ(flow.totalsAt(5).published, 0U);
    EXPECT_TRUE(flow.movesAfter({0, 100}).empty());
    EXPECT_TRUE(flow.lifeOf(1).empty());
}

} // namespace
} // namespace interleave::analysis
