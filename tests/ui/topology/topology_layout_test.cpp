// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_layout.h"

#include "tests/support/broker_sketch.h"

#include <array>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

using analysis::Topology;

/// Publisher i publishes to exchange n - 1 - i, which is bound to queue i.
Topology reversed(int count) {
    support::BrokerSketch sketch;
    std::vector<ObjectId> exchanges;
    for (int i = 0; i < count; ++i) {
        exchanges.push_back(sketch.exchange("e" + std::to_string(i), "direct"));
    }
    std::uint32_t message = 0;
    for (int i = 0; i < count; ++i) {
        const ObjectId queue = sketch.queue("q" + std::to_string(i));
        const auto other = static_cast<std::size_t>(count - 1 - i);
        sketch.bind(exchanges[other], queue, "key." + std::to_string(i));
        sketch.setPublisher(sketch.task("t" + std::to_string(i), "g" + std::to_string(i)), {});
        sketch.published(i, ++message, exchanges[other]);
    }
    return analysis::topologyOf(*sketch.finish(100));
}

/// No two nodes or keys share a place, and all lie inside.
void expectApart(const TopologyLayout& layout) {
    std::vector<QRectF> rects = layout.nodes;
    for (const PlacedKeys& keys : layout.keys) {
        rects.push_back(keys.rect);
    }
    const QRectF all(QPointF(0, 0), layout.size);
    for (std::size_t i = 0; i < rects.size(); ++i) {
        EXPECT_TRUE(all.contains(rects[i])) << i;
        for (std::size_t j = i + 1; j < rects.size(); ++j) {
            EXPECT_FALSE(rects[i].intersects(rects[j])) << i << " and " << j;
        }
    }
}

TEST(TopologyLayout, KeepsEverythingApartAtEverySizeAndDensity) {
    const Topology small = analysis::topologyOf(*support::brokerRecording());
    const Topology large = analysis::topologyOf(*support::bigBrokerRecording(400, 20, 50));
    for (const Topology* topology : {&small, &large}) {
        for (const double width : {300.0, 840.0, 1100.0, 2500.0}) {
            for (const Density each : {Density::Full, Density::Dense}) {
                const std::array density{each, each, each, each};
                const std::vector<bool> fates(topology->nodes.size(), true);
                expectApart(layoutOf(*topology, {width, 500, density, fates}));
            }
        }
    }
}

TEST(TopologyLayout, GoesFromPublishersToConsumers) {
    const Topology topology = analysis::topologyOf(*support::brokerRecording());
    const TopologyLayout layout = layoutOf(topology, {1000, 400, {}, {}});
    for (std::size_t i = 0; i < topology.edges.size(); ++i) {
        const analysis::TopologyEdge& edge = topology.edges[i];
        const QPolygonF& line = layout.edges[i];
        ASSERT_GE(line.size(), 2);
        if (edge.kind == analysis::EdgeKind::DeadLetter) {
            continue;
        }
        EXPECT_LT(layout.nodes[edge.from].right(), layout.nodes[edge.to].left());
        EXPECT_NEAR(line.front().x(), layout.nodes[edge.from].right(), 1);
        EXPECT_NEAR(line.back().x(), layout.nodes[edge.to].left(), 1);
        EXPECT_GE(line.back().y(), layout.nodes[edge.to].top());
        EXPECT_LE(line.back().y(), layout.nodes[edge.to].bottom());
    }
    EXPECT_EQ(pointAlong(layout.edges[0], 0), layout.edges[0].front());
    EXPECT_EQ(pointAlong(layout.edges[0], 1), layout.edges[0].back());
}

TEST(TopologyLayout, ShowsTheKeysOfABindingBesideItsQueue) {
    const Topology topology = analysis::topologyOf(*support::brokerRecording());
    const TopologyLayout layout = layoutOf(topology, {1000, 400, {}, {}});
    ASSERT_EQ(layout.keys.size(), 2U); // not of the fanout and the default exchange
    for (const PlacedKeys& keys : layout.keys) {
        const analysis::TopologyEdge& edge = topology.edges[keys.edge];
        EXPECT_EQ(keys.lines.size(), static_cast<qsizetype>(edge.keys.size()));
        EXPECT_LT(keys.rect.right(), layout.nodes[edge.to].left());
        EXPECT_GT(keys.rect.left(), layout.nodes[edge.from].right());
    }
}

TEST(TopologyLayout, SaysHowManyKeysHaveNoRoom) {
    support::BrokerSketch sketch;
    const ObjectId exchange = sketch.exchange("e", "topic");
    const ObjectId queue = sketch.queue("q");
    for (int i = 0; i < 30; ++i) {
        sketch.bind(exchange, queue, "a.very.long.key.number." + std::to_string(i));
    }
    const TopologyLayout layout =
        layoutOf(analysis::topologyOf(*sketch.finish(10)), {1000, 400, {}, {}});
    ASSERT_EQ(layout.keys.size(), 1U);
    EXPECT_EQ(layout.keys[0].lines.back(), "+ 27 more");
}

TEST(TopologyLayout, UntanglesWhatCrosses) {
    const Topology topology = reversed(12);
    ColumnOrder given;
    for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
        given[static_cast<std::size_t>(topology.nodes[i].kind)].push_back(i);
    }
    EXPECT_EQ(crossingCount(topology, given), 2U * 66);
    EXPECT_EQ(crossingCount(topology, orderedColumns(topology)), 0U);
}

} // namespace
} // namespace interleave::ui
