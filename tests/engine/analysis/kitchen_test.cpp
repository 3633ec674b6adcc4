// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/kitchen.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/broker_sketch.h"
#include "tests/support/demo_recording.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

namespace interleave::analysis {
namespace {

Kitchen kitchenOf(std::string_view text) {
    return Kitchen(support::sketch(text));
}

TEST(KitchenMoment, HasEachDishWhereItsStateSays) {
    const Kitchen kitchen = kitchenOf("w0: .RRGIIzCRR\n"
                                      "a: QRRGIIzCRRd\n"
                                      "a/worker: .000000000\n");
    const auto placeAt = [&](Nanoseconds unit) {
        const KitchenMoment moment = kitchen.at(unit * support::kSketchUnitNs, 0);
        return moment.dishes.size() == 1 ? std::optional(moment.dishes.front().place)
                                         : std::nullopt;
    };
    EXPECT_EQ(placeAt(0), DishPlace::Rail);
    EXPECT_EQ(placeAt(1), DishPlace::Hand);
    EXPECT_EQ(placeAt(3), DishPlace::Hand) << "in hand, but waiting for the knife";
    EXPECT_EQ(placeAt(4), DishPlace::Oven);
    EXPECT_EQ(placeAt(6), DishPlace::Shelf);
    EXPECT_EQ(placeAt(7), DishPlace::Hand);
    EXPECT_EQ(placeAt(10), std::nullopt) << "served";
}

TEST(KitchenMoment, AccountsForEveryDish) {
    const auto recording = support::demoRecording();
    const Kitchen kitchen(recording);
    for (Nanoseconds when = -1'000'000; when <= recording->range.endNs + 1'000'000;
         when += 500'000) {
        const KitchenMoment moment = kitchen.at(when, 1'000'000);
        EXPECT_EQ(moment.totals.ordered() + moment.totals.toCome, recording->tasks.size()) << when;
        EXPECT_EQ(moment.chefs.size(), kitchen.chefs().size());
        EXPECT_LE(moment.totals.cooking, static_cast<std::uint64_t>(2)) << "there are two cores";
    }
    const KitchenMoment end = kitchen.at(recording->range.endNs, 0);
    EXPECT_TRUE(end.dishes.empty());
    EXPECT_GT(end.totals.served, 0U);
}

TEST(KitchenMoment, TellsWhereADishWasBefore) {
    const Kitchen kitchen = kitchenOf("w0: RRIIRR\n"
                                      "a: RRIIRRd\n"
                                      "a/worker: 000000\n");
    const KitchenMoment moment = kitchen.at(2 * support::kSketchUnitNs, 0);
    ASSERT_EQ(moment.dishes.size(), 1U);
    EXPECT_EQ(moment.dishes[0].place, DishPlace::Oven);
    EXPECT_EQ(moment.dishes[0].placeBefore, DishPlace::Hand);
    EXPECT_EQ(moment.dishes[0].chefBefore, moment.dishes[0].chef);
    EXPECT_FALSE(kitchen.at(0, 0).dishes[0].placeBefore) << "it was nowhere before";
}

/// Two processes with a GIL each, two threads in the first; a steal between those.
std::shared_ptr<const recording::Recording> twoProcesses() {
    recording::RecordingBuilder builder;
    const WorkerId main = builder.addWorker({.name = "main", .pid = 7, .isControl = true});
    const WorkerId a = builder.addWorker({.name = "a", .pid = 7});
    const WorkerId b = builder.addWorker({.name = "b", .pid = 7, .life = {0, 50}});
    const WorkerId c = builder.addWorker({.name = "c", .pid = 9});
    builder.addProcess({7, "server", 0});
    const ObjectId gil = builder.addObject({"GIL", "gil", 0});
    const ObjectId other = builder.addObject({"GIL of 9", "gil", 0});
    const TaskId one = builder.addTask({"dish 1", "dish", State::Done, 0, 100});
    const TaskId two = builder.addTask({"dish 2", "dish", State::Failed, 0, 100});
    builder.addTaskSpan({{0, 40}, State::Running, one, a});
    builder.addTaskSpan({{40, 100}, State::WaitingGil, one, b});
    builder.addTaskSpan({{0, 100}, State::Running, two, c});
    builder.addWorkerSpan({{0, 40}, State::Running, one, a});
    builder.addWorkerSpan({{0, 100}, State::Running, two, c});
    builder.addObjectSpan(gil, {{0, 40}, State::Held, one, a});
    builder.addObjectSpan(other, {{0, 100}, State::Held, two, c});
    builder.addLink({recording::LinkKind::Steal, {0, {}, a}, {40, one, b}});
    (void)main;
    return builder.finish();
}

TEST(KitchenPlan, HasAKitchenForEachProcessAndAKnifeInEach) {
    const Kitchen kitchen(twoProcesses());
    ASSERT_EQ(kitchen.rooms().size(), 2U);
    EXPECT_EQ(kitchen.rooms()[0].pid, 7U);
    EXPECT_EQ(kitchen.rooms()[0].name, "server");
    EXPECT_EQ(kitchen.rooms()[0].chefs.size(), kitchen.chefs().size() - 1);
    EXPECT_FALSE(kitchen.chefOf(WorkerId{1})) << "who only waits for the others is no chef";
    EXPECT_NE(kitchen.rooms()[0].knife, kitchen.rooms()[1].knife);
    const KitchenMoment moment = kitchen.at(10, 0);
    EXPECT_EQ(moment.knifeIn[0], *kitchen.chefOf(WorkerId{2}));
    EXPECT_TRUE(moment.chefs[*kitchen.chefOf(WorkerId{4})].hasKnife);
    EXPECT_EQ(kitchen.at(60, 0).knifeIn[0], kNoChef);
}

TEST(KitchenMoment, ShowsATheftForAWhile) {
    const Kitchen kitchen(twoProcesses());
    const Dish stolen = kitchen.at(45, 10).dishes.front();
    EXPECT_TRUE(stolen.isStolen);
    EXPECT_EQ(stolen.chefBefore, *kitchen.chefOf(WorkerId{2}));
    EXPECT_FALSE(kitchen.at(55, 10).dishes.front().isStolen);
    EXPECT_FALSE(kitchen.at(39, 10).dishes.front().isStolen);
}

TEST(KitchenMoment, KnowsWhatAChefWaitsForFromTheDish) {
    const Kitchen kitchen(twoProcesses());
    const KitchenMoment moment = kitchen.at(60, 0);
    if (const auto b = kitchen.chefOf(WorkerId{3})) {
        EXPECT_EQ(moment.chefs[*b].state, State::WaitingGil);
        EXPECT_EQ(moment.chefs[*b].dish, TaskId{1});
    }
    EXPECT_EQ(kitchen.at(100, 0).totals.spoiled, 1U);
}

TEST(KitchenMoment, AThreadThatLooksWhetherTheKnifeIsFreeCooksNothing) {
    const Kitchen kitchen = kitchenOf("w0: RRR\n"
                                      "w0/task: aaa\n"
                                      "a: RGRd\n"
                                      "a/worker: 000\n");
    const auto stateAt = [&](Nanoseconds unit) {
        return kitchen.at(unit * support::kSketchUnitNs, 0).chefs.at(0).state;
    };
    EXPECT_EQ(stateAt(0), State::Running);
    EXPECT_EQ(stateAt(1), State::WaitingGil);
    EXPECT_EQ(stateAt(2), State::Running);
}

TEST(KitchenPlan, MakesRoomForTheMostInTheOven) {
    const Kitchen kitchen = kitchenOf("w0: R.....\n"
                                      "a: RIIIRRd\n"
                                      "b: .RIIIRd\n"
                                      "c: ..RIRRd\n"
                                      "a/worker: 000000\n"
                                      "b/worker: .00000\n"
                                      "c/worker: ..0000\n");
    ASSERT_EQ(kitchen.rooms().size(), 1U);
    EXPECT_EQ(kitchen.rooms()[0].mostInOven, 3U);
    EXPECT_EQ(kitchen.rooms()[0].mostOnShelf, 0U);
    EXPECT_FALSE(kitchen.hasOrders());
}

TEST(KitchenPlan, HangsOrdersOnTheRailOfTheirQueue) {
    const auto recording = support::brokerRecording();
    const Kitchen kitchen(recording);
    ASSERT_GT(kitchen.rails().size(), 1U);
    EXPECT_FALSE(kitchen.rails().front().name.empty());
    for (Nanoseconds when = 0; when < recording->range.endNs; when += 1'000'000) {
        for (const Dish& dish : kitchen.at(when, 0).dishes) {
            EXPECT_LT(dish.rail, kitchen.rails().size());
        }
    }
}

TEST(KitchenPlan, OfNothingIsEmpty) {
    const Kitchen kitchen(std::make_shared<recording::Recording>());
    EXPECT_TRUE(kitchen.isEmpty());
    EXPECT_TRUE(kitchen.at(0, 1).dishes.empty());
    const Kitchen tasksOnly = kitchenOf("a: RRd\n");
    EXPECT_TRUE(tasksOnly.isEmpty());
    EXPECT_EQ(tasksOnly.at(0, 1).totals.ordered(), 1U);
}

} // namespace
} // namespace interleave::analysis
