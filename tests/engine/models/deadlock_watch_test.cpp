// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/sync/deadlock_watch.h"

#include "tests/engine/models_async/model_run.h"

#include <gmock/gmock.h>

namespace interleave::models {

namespace {

using scenario::Action;
using testing::HasSubstr;

const char* const kTwoLocks = R"(
    name = "t"
    [[lock]]
    name = "salt"
    [[lock]]
    name = "pepper"
    [[task]]
    name = "left"
    steps = [ { lock = "salt", steps = [ { lock = "pepper", steps = [ { compute = "1 us" } ] } ] } ]
    [[task]]
    name = "right"
    steps = [ { lock = "pepper", steps = [ { lock = "salt", steps = [ { compute = "1 us" } ] } ] } ]
    [[task]]
    name = "busy"
    steps = [ { compute = "1 us" } ])";

struct WatchedTasks {
    scenario::Program program = programOf(kTwoLocks);
    SharedObjects objects = std::move(SharedObjects::create(program).value());

    void start(std::uint32_t task) {
        objects.markSubmitted(TaskId{task});
        objects.markStarted(TaskId{task});
    }
    bool enter(std::uint32_t task, std::size_t action) {
        Passage passage;
        return objects.enter(TaskId{task}, program.tasks[task - 1].actions[action], passage);
    }
    /// Both tasks hold one lock and wait for the other.
    void deadlock() {
        start(1);
        start(2);
        EXPECT_TRUE(enter(1, 0));
        EXPECT_TRUE(enter(2, 0));
        EXPECT_FALSE(enter(1, 1));
        EXPECT_FALSE(enter(2, 1));
    }
};

/// Looks until the watch is sure, or for ten times as long as it may take.
std::optional<std::string> lookLong(DeadlockWatch& watch, const SharedObjects& objects,
                                    bool moreToCome = false) {
    for (int i = 0; i < 10; ++i) {
        if (auto found = watch.look(moreToCome)) {
            return found;
        }
        objects.sleepUntil(monotonicNow() + DeadlockWatch::kConfirmNs);
    }
    return std::nullopt;
}

} // namespace

TEST(DeadlockWatch, NamesTheTasksAndLocksOfACycle) {
    WatchedTasks f;
    f.deadlock();
    f.start(3); // runs, and can't help
    DeadlockWatch watch(f.program, f.objects, {3, false});
    EXPECT_EQ(lookLong(watch, f.objects, true), "\"left\" waits for \"pepper\", held by \"right\"; "
                                                "\"right\" waits for \"salt\", held by \"left\"");
}

TEST(DeadlockWatch, BelievesNothingAtFirstSight) {
    WatchedTasks f;
    f.deadlock();
    DeadlockWatch watch(f.program, f.objects, {2, false});
    EXPECT_FALSE(watch.look(false).has_value());
    EXPECT_FALSE(watch.look(false).has_value()) << "at once is too soon";
}

TEST(DeadlockWatch, IsNotFooledByAWaiterThatHasBeenFreedButHasNotRunYet) {
    WatchedTasks f;
    f.start(1);
    f.start(2);
    EXPECT_TRUE(f.enter(1, 0));
    EXPECT_FALSE(f.enter(2, 1) && f.enter(2, 0)); // "right" takes pepper only after salt: blocked
    f.objects.release(TaskId{1}, f.program.tasks[0].actions[0].object);
    f.objects.markEnded(TaskId{1});
    // "right" is still in the table, since nobody calls wait() for it; but its lock is free.
    DeadlockWatch watch(f.program, f.objects, {2, false});
    EXPECT_FALSE(lookLong(watch, f.objects).has_value());
}

TEST(DeadlockWatch, WaitsForTasksThatAreStillToCome) {
    const scenario::Program program = programOf(R"(
        name = "t"
        [[queue]]
        name = "orders"
        [[task]]
        name = "cook"
        steps = [ { get = "orders" } ])");
    auto objects = std::move(SharedObjects::create(program).value());
    objects.markSubmitted(TaskId{1});
    objects.markStarted(TaskId{1});
    Passage passage;
    EXPECT_FALSE(objects.enter(TaskId{1}, program.tasks[0].actions[0], passage));
    DeadlockWatch two(program, objects, {2, false});
    EXPECT_FALSE(lookLong(two, objects, true).has_value()) << "a second worker is free for it";
    const auto found = lookLong(two, objects, false);
    ASSERT_TRUE(found.has_value());
    EXPECT_THAT(*found, HasSubstr("\"cook\" waits for an item in the queue \"orders\""));
    DeadlockWatch one(program, objects, {1, false});
    EXPECT_TRUE(lookLong(one, objects, true).has_value())
        << "the only worker is the one that waits";
}

} // namespace interleave::models
