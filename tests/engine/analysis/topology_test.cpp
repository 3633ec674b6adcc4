// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/topology.h"

#include "tests/support/broker_sketch.h"
#include "tests/support/recording_sketch.h"

#include <gmock/gmock.h>

namespace interleave::analysis {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

/// "orders -> bills: order.#", sorted by the kind of edge.
std::vector<std::string> edgesOf(const Topology& topology) {
    const auto name = [&](std::uint32_t node) {
        const TopologyNode& it = topology.nodes[node];
        return it.type == "default" ? "default" : it.name;
    };
    std::vector<std::string> lines;
    for (const TopologyEdge& edge : topology.edges) {
        std::string line = name(edge.from);
        line += edge.kind == EdgeKind::DeadLetter ? " => " : " -> ";
        line += name(edge.to);
        for (const std::string& key : edge.keys) {
            line += " " + key;
        }
        lines.push_back(line);
    }
    return lines;
}

TEST(Topology, OfARunWithoutABrokerIsEmpty) {
    EXPECT_TRUE(topologyOf(*support::sketch("a: RRRd\n")).isEmpty());
}

TEST(Topology, HasWhatTheBrokerHadInOrder) {
    const auto recording = support::brokerRecording();
    const Topology topology = topologyOf(*recording);
    std::vector<std::string> names;
    for (const TopologyNode& node : topology.nodes) {
        names.push_back(node.type.empty() ? node.name : node.type + ":" + node.name);
    }
    EXPECT_THAT(names, ElementsAre("shop", "default:", "topic:orders", "fanout:audit", "bills",
                                   "mails", "log", "dead letters", "biller", "mailer"));
    const TopologyNode& bills = topology.nodes[*topology.queue(ObjectId{3})];
    EXPECT_EQ(bills.name, "bills");
    EXPECT_EQ(bills.limit, 8U);
    const TopologyNode& mailer = topology.nodes[*topology.consumer(WorkerId{3})];
    EXPECT_EQ(mailer.limit, 1U);
    EXPECT_EQ(mailer.lives.size(), 2U);
    EXPECT_THAT(topology.nodes[0].publishers, ElementsAre(TaskId{1}));
}

TEST(Topology, JoinsTheKeysOfAPairAndAddsWhatWasOnlySeen) {
    EXPECT_THAT(edgesOf(topologyOf(*support::brokerRecording())),
                testing::UnorderedElementsAre(
                    "shop -> orders", "shop -> audit", "shop -> default", "orders -> bills order.#",
                    "orders -> mails order.paid.* order.sent", "audit -> log ", "default -> log",
                    "bills -> biller", "mails -> mailer", "mails => dead letters"));
}

TEST(Topology, HasADefaultExchangeOnlyWhereOneIsUsed) {
    support::BrokerSketch sketch;
    const ObjectId exchange = sketch.exchange("e", "direct");
    const ObjectId queue = sketch.queue("q");
    sketch.published(1, 1, exchange);
    sketch.happened(2, 1, recording::MessageStep::Queued, queue);
    const Topology topology = topologyOf(*sketch.finish());
    EXPECT_FALSE(topology.exchange({}));
    EXPECT_THAT(edgesOf(topology), ElementsAre(" -> e", "e -> q"));
}

TEST(Topology, LeavesOutQueuesThatNobodyUsed) {
    support::BrokerSketch sketch;
    sketch.queue("spare");
    const ObjectId bound = sketch.queue("bound");
    sketch.bind(sketch.exchange("e", "fanout"), bound, "");
    const Topology topology = topologyOf(*sketch.finish(10));
    EXPECT_FALSE(topology.queue(ObjectId{1}));
    EXPECT_TRUE(topology.queue(bound));
}

TEST(Topology, ShowsConsumersThatNobodyAnnounced) {
    support::BrokerSketch sketch;
    const ObjectId queue = sketch.queue("q");
    sketch.published(1, 1);
    sketch.happened(2, 1, recording::MessageStep::Queued, queue);
    sketch.happened(3, 1, recording::MessageStep::Delivered, queue);
    const Topology topology = topologyOf(*sketch.finish());
    ASSERT_TRUE(topology.consumer({}));
    EXPECT_THAT(edgesOf(topology), Contains("q -> "));
}

TEST(Topology, IgnoresIdsThatTheRecordingLacks) {
    support::BrokerSketch sketch;
    sketch.queue("q");
    sketch.bind(ObjectId{9}, ObjectId{1}, "x");
    sketch.consume(ObjectId{77}, WorkerId{5}, 1, {0, 1});
    sketch.setPublisher(TaskId{44}, WorkerId{45});
    sketch.published(1, 1, ObjectId{99});
    sketch.happened(2, 1, recording::MessageStep::Queued, ObjectId{98});
    const Topology topology = topologyOf(*sketch.finish());
    EXPECT_TRUE(topology.edges.empty());
}

} // namespace
} // namespace interleave::analysis
