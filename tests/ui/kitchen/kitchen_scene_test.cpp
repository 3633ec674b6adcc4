// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_scene.h"

#include "tests/support/busy_kitchen.h"
#include "tests/support/recording_sketch.h"
#include "ui/kitchen/kitchen_text.h"

#include <gtest/gtest.h>
#include <set>

namespace interleave::ui {
namespace {

using analysis::Kitchen;

constexpr Nanoseconds kMs = 1'000'000;

struct Shown {
    explicit Shown(std::string_view text)
        : kitchen(support::sketch(text, kMs))
        , layout(kitchenLayout(kitchen, {1000, 600})) {}

    KitchenScene at(Nanoseconds when, Nanoseconds travel = 1) const {
        return kitchenScene(kitchen, layout, {when, travel});
    }

    Kitchen kitchen;
    KitchenLayout layout;
};

TEST(KitchenScene, HasEveryDishOnceOrCountsIt) {
    const Kitchen kitchen(support::busyKitchen());
    const KitchenLayout layout = kitchenLayout(kitchen, {1400, 800});
    for (Nanoseconds when = 0; when < 100 * kMs; when += 3 * kMs) {
        const KitchenScene scene = kitchenScene(kitchen, layout, {when, kMs});
        std::set<std::uint32_t> tasks;
        for (const DishFigure& dish : scene.dishes) {
            EXPECT_TRUE(tasks.insert(dish.task.value).second) << "twice: " << dish.task.value;
        }
        std::size_t counted = tasks.size();
        for (const Tally& tally : scene.tallies) {
            counted += tally.text.mid(1).toUInt();
        }
        EXPECT_EQ(counted, 100U) << when;
        EXPECT_EQ(scene.chefs.size(), 16U);
    }
}

TEST(KitchenScene, KeepsPlatesWhereTheyAreWhileOthersComeAndGo) {
    const Shown shown("w0: RRRRRRRR\n"
                      "a: RIIIIIRRd\n"
                      "b: RRIIIIIRd\n"
                      "c: RRRIIRRRd\n"
                      "a/worker: 00000000\n"
                      "b/worker: 00000000\n"
                      "c/worker: 00000000\n");
    const auto placeOf = [&](const KitchenScene& scene, std::uint32_t task) {
        for (const DishFigure& dish : scene.dishes) {
            if (dish.task.value == task) {
                return dish.centre;
            }
        }
        return QPointF();
    };
    const QPointF alone = placeOf(shown.at(kMs + kMs / 2), 1);
    EXPECT_TRUE(shown.layout.rooms[0].oven.rect.contains(alone));
    EXPECT_EQ(placeOf(shown.at(3 * kMs + kMs / 2), 1), alone);
    EXPECT_NE(placeOf(shown.at(3 * kMs + kMs / 2), 2), alone);
}

TEST(KitchenScene, CarriesADishFromTheBoardToTheOven) {
    const Shown shown("w0: RRRR....\n"
                      "a: RRRRIIIId\n"
                      "a/worker: 00000000\n");
    const auto at = [&](Nanoseconds when) { return shown.at(when, 2 * kMs).dishes.at(0).centre; };
    const QPointF hand = shown.layout.stations[0].hand;
    const QPointF oven = shown.layout.rooms[0].oven.cell(0);
    EXPECT_EQ(at(3 * kMs), hand);
    EXPECT_EQ(at(4 * kMs), hand) << "it has only just left";
    const QPointF between = at(5 * kMs);
    EXPECT_GT(between.y(), oven.y());
    EXPECT_LT(between.y(), hand.y());
    EXPECT_EQ(at(6 * kMs), oven);
}

TEST(KitchenScene, ShowsWhatEachChefDoes) {
    const Shown shown("w0: RRGGLLCC..\n"
                      "a: RRGGLLCCd\n"
                      "a/worker: 00000000\n"
                      "gil GIL: aa......\n");
    const auto chef = [&](Nanoseconds ms) { return shown.at(ms * kMs).chefs.at(0); };
    EXPECT_EQ(chef(0).pose, Pose::Cooks);
    EXPECT_EQ(chef(2).pose, Pose::Knife);
    EXPECT_EQ(chef(4).pose, Pose::Lock);
    EXPECT_EQ(chef(6).pose, Pose::Stove);
    EXPECT_EQ(chef(9).pose, Pose::Idle);
    EXPECT_EQ(chef(2).word, QStringLiteral("wants the knife"));
    EXPECT_EQ(chef(9).state, std::nullopt);
}

TEST(KitchenScene, IsTheSameEachTime) {
    const Kitchen kitchen(support::busyKitchen());
    const KitchenLayout layout = kitchenLayout(kitchen, {1400, 800});
    const KitchenScene one = kitchenScene(kitchen, layout, {40 * kMs, kMs});
    const KitchenScene two = kitchenScene(kitchen, layout, {40 * kMs, kMs});
    ASSERT_EQ(one.dishes.size(), two.dishes.size());
    for (std::size_t i = 0; i < one.dishes.size(); ++i) {
        EXPECT_EQ(one.dishes[i].centre, two.dishes[i].centre);
    }
    EXPECT_FALSE(one.thefts.empty() &&
                 kitchenScene(kitchen, layout, {kMs, 2 * kMs}).thefts.empty());
}

TEST(DishLabel, IsTheNumberOrTheFirstLetters) {
    EXPECT_EQ(dishLabel("dish 12"), QStringLiteral("12"));
    EXPECT_EQ(dishLabel("download"), QStringLiteral("dow"));
    EXPECT_EQ(dishLabel("a"), QStringLiteral("a"));
    EXPECT_EQ(dishLabel(""), QString());
}

TEST(KitchenText, NamesWhoWaitsForWhat) {
    const Shown shown("w0: GGGG\n"
                      "a: GGGGd\n"
                      "a/worker: 0000\n");
    const auto moment = shown.kitchen.at(2 * kMs, 0);
    const QString chef = chefText(shown.kitchen, moment, 0);
    EXPECT_TRUE(chef.contains(QStringLiteral("the interpreter lock"))) << chef.toStdString();
    EXPECT_TRUE(chef.contains(QStringLiteral("for 2.00 ms"))) << chef.toStdString();
    EXPECT_TRUE(dishText(shown.kitchen, moment, TaskId{1}).contains(QStringLiteral("chef: ")));
    EXPECT_TRUE(totalsText(moment.totals, moment.when).contains(QStringLiteral("1 in hand")));
    EXPECT_EQ(servedText(shown.kitchen.at(9 * kMs, 0).totals), QStringLiteral("1 served"));
}

} // namespace
} // namespace interleave::ui
