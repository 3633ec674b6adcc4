// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/topology_scene.h"

#include "tests/support/broker_sketch.h"
#include "ui/chart/scene_painter.h"

#include <QLocale>

#include <array>
#include <gmock/gmock.h>

namespace interleave::ui {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class MomentScene : public testing::Test {
protected:
    TopologyModel model = topologyModelOf(support::brokerRecording());
    TopologyLayout layout = layoutOf(model.topology(), {1000, 500, {}, model.hasFates});
    std::uint32_t mails = *model.topology().queue(ObjectId{4});
    std::uint32_t mailer = *model.topology().consumer(WorkerId{3});

    MomentPicture at(Nanoseconds when, std::uint32_t selected = 0) const {
        return momentOf(model, layout,
                        {when, kMs / 2, QRectF(QPointF(0, 0), layout.size), selected});
    }
    /// Messages drawn inside a node, in painting order.
    std::vector<std::uint32_t> messagesIn(const MomentPicture& picture, std::uint32_t node) const {
        std::vector<std::uint32_t> found;
        for (const PlacedMessage& placed : picture.messages) {
            if (layout.nodes[node].contains(placed.rect.center())) {
                found.push_back(placed.message);
            }
        }
        return found;
    }
    /// What is drawn inside of a node.
    std::string textsIn(const MomentPicture& picture, std::uint32_t node) const {
        chart::Scene inside;
        for (const chart::Item& item : picture.scene.items) {
            if (layout.nodes[node].adjusted(-2, -2, 2, 2).contains(chart::boundsOf(item))) {
                inside.add(item);
            }
        }
        return describe(inside);
    }
};

TEST_F(MomentScene, HasAMessageWhereItIs) {
    const MomentPicture held = at(25 * kMs);
    EXPECT_THAT(messagesIn(held, mailer), testing::ElementsAre(20));
    EXPECT_THAT(messagesIn(held, mails), testing::ElementsAre(21, 22));
    EXPECT_THAT(textsIn(held, mails), AllOf(HasSubstr("2 ready"), HasSubstr("1 unacked")));
    EXPECT_THAT(textsIn(held, mailer), AllOf(HasSubstr("1 of 1 held"), HasSubstr("square")));
    // Its consumer was lost: it is back, with another look, behind those that wait.
    const MomentPicture back = at(32 * kMs);
    EXPECT_THAT(messagesIn(back, mails), testing::ElementsAre(21, 22, 20));
    EXPECT_THAT(textsIn(back, mails), AllOf(HasSubstr("target"), HasSubstr("1 given back")));
    EXPECT_THAT(textsIn(back, mailer), HasSubstr("not connected"));
    EXPECT_THAT(textsIn(at(38 * kMs), mailer),
                AllOf(HasSubstr("target"), Not(HasSubstr("not connected"))));
}

TEST_F(MomentScene, ShowsTheFrontOfTheQueueOnTheRight) {
    const MomentPicture picture = at(32 * kMs);
    std::vector<double> x;
    for (const PlacedMessage& placed : picture.messages) {
        if (layout.nodes[mails].contains(placed.rect.center())) {
            x.push_back(placed.rect.center().x());
        }
    }
    ASSERT_EQ(x.size(), 3U);
    EXPECT_GT(x[0], x[1]);
    EXPECT_GT(x[1], x[2]);
}

TEST_F(MomentScene, MovesAMessageAlongItsEdgeForAWhile) {
    // Message 1 is published after 2 ms, and lies in its queue a tenth of that later.
    const auto edge = *model.topology().edge(analysis::EdgeKind::Publish, 0,
                                             *model.topology().exchange(ObjectId{1}));
    const auto placeOf = [&](Nanoseconds when) {
        for (const PlacedMessage& placed : at(when).messages) {
            const double x = placed.rect.center().x();
            if (placed.message == 1 && x <= layout.edges[edge].back().x() + 1) {
                return x;
            }
        }
        return -1.0;
    };
    EXPECT_EQ(placeOf(2 * kMs - 1), -1);
    const double begin = placeOf(2 * kMs);
    const double middle = placeOf(2 * kMs + kMs / 4);
    EXPECT_NEAR(begin, layout.edges[edge].front().x(), 1);
    EXPECT_GT(middle, begin + 5);
    EXPECT_EQ(placeOf(2 * kMs + kMs / 2 + 1), -1);
}

TEST_F(MomentScene, GivesEachFateAShapeOfItsOwn) {
    EXPECT_THAT(describe(at(27 * kMs).scene), HasSubstr("triangle"));
    EXPECT_THAT(describe(at(28 * kMs).scene), AllOf(HasSubstr("cross"), HasSubstr("slash")));
    EXPECT_THAT(describe(at(29 * kMs).scene), HasSubstr("back"));
    EXPECT_THAT(describe(at(34 * kMs).scene), HasSubstr("hourglass"));
    EXPECT_THAT(describe(at(44 * kMs + 1000).scene), AllOf(HasSubstr("diamond"), HasSubstr("bar")));
}

TEST_F(MomentScene, FramesTheSelectedMessage) {
    const auto framed = [&](std::uint32_t selected) {
        const std::string text = describe(at(25 * kMs, selected).scene);
        return text.find("warning") != std::string::npos;
    };
    EXPECT_FALSE(framed(0));
    EXPECT_TRUE(framed(20));
}

TEST_F(MomentScene, AccountsForEveryMessage) {
    chart::Scene scene;
    addAccounts(scene, {0, 0, 1000, kAccountsPx}, model, 60 * kMs);
    const std::string text = describe(scene);
    EXPECT_THAT(text, AllOf(HasSubstr("At 60.0 ms: 24 published ="), HasSubstr("6 ready"),
                            HasSubstr("1 lost"), HasSubstr("1 overflowed")));
}

// Texts in the picture may not run out of their node, into one another, or off a narrow line.
TEST_F(MomentScene, HasNoTextOverAnother) {
    for (const double width : {840.0, 1000.0, 1600.0}) {
        for (const Density each : {Density::Full, Density::Dense}) {
            const std::array density{each, each, each, each};
            layout = layoutOf(model.topology(), {width, 500, density, model.hasFates});
            for (const Nanoseconds when : {Nanoseconds{0}, 25 * kMs, 32 * kMs, 60 * kMs}) {
                std::vector<chart::Text> texts;
                for (const chart::Scene& scene : {backdropOf(model, layout), at(when).scene}) {
                    for (const chart::Item& item : scene.items) {
                        if (const auto* text = std::get_if<chart::Text>(&item)) {
                            texts.push_back(*text);
                        }
                    }
                }
                for (std::size_t i = 0; i < texts.size(); ++i) {
                    for (std::size_t j = i + 1; j < texts.size(); ++j) {
                        EXPECT_FALSE(texts[i]
                                         .rect.adjusted(1, 1, -1, -1)
                                         .intersects(texts[j].rect.adjusted(1, 1, -1, -1)))
                            << texts[i].text.toStdString() << " | " << texts[j].text.toStdString();
                    }
                }
            }
        }
    }
}

TEST(MomentSceneOfMany, DrawsCountsInsteadOfHeaps) {
    const TopologyModel model = topologyModelOf(support::bigBrokerRecording(20'000, 2, 4));
    const TopologyLayout layout = layoutOf(model.topology(), {1000, 500, {}, model.hasFates});
    const QRectF all(QPointF(0, 0), layout.size);
    const Nanoseconds when = 300'000'000;
    const MomentPicture picture = momentOf(model, layout, {when, 20'000'000, all, 0});
    EXPECT_LT(picture.scene.items.size(), 700U); // thousands moved, thousands lie there
    const std::string text = describe(picture.scene);
    EXPECT_THAT(text, HasSubstr("+ "));
    // What is said is exact.
    const auto queue = *model.topology().queue(ObjectId{2});
    const QString ready =
        QLocale().toString(static_cast<qulonglong>(model.flow.ready(queue).countAt(when)));
    EXPECT_THAT(text, HasSubstr((ready + " ready").toStdString()));
}

} // namespace
} // namespace interleave::ui
