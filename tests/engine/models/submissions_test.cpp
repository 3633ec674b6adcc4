// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/schedule/submissions.h"

#include <gmock/gmock.h>

namespace interleave::models {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

scenario::Program programOfTasks(std::size_t count) {
    scenario::Program program;
    for (std::uint32_t i = 1; i <= count; ++i) {
        scenario::Task task;
        task.id = TaskId{i};
        program.tasks.push_back(task);
    }
    return program;
}

std::vector<std::uint32_t> values(const std::vector<TaskId>& tasks) {
    std::vector<std::uint32_t> result;
    for (const TaskId task : tasks) {
        result.push_back(task.value);
    }
    return result;
}

} // namespace

TEST(Submissions, HandsTasksOutWhenTheirTimeHasCome) {
    scenario::Program program = programOfTasks(3);
    program.tasks[0].arrivalNs = 200;
    program.tasks[1].arrivalNs = 100;
    Submissions submissions(program);
    submissions.begin(1000);
    EXPECT_THAT(values(submissions.takeDue(1000)), ElementsAre(3));
    EXPECT_EQ(submissions.nextDueNs(), 1100);
    EXPECT_THAT(values(submissions.takeDue(1099)), IsEmpty());
    EXPECT_THAT(values(submissions.takeDue(5000)), ElementsAre(2, 1));
    EXPECT_FALSE(submissions.nextDueNs().has_value());
}

TEST(Submissions, BringsFollowersWhenTheLastPredecessorHasEnded) {
    scenario::Program program = programOfTasks(4);
    for (const std::size_t follower : {2u, 3u}) {
        program.tasks[follower].after = {TaskId{1}, TaskId{2}};
        program.tasks[follower].templateIndex = 1;
    }
    program.tasks[3].arrivalNs = 50;
    Submissions submissions(program);
    submissions.begin(0);
    EXPECT_THAT(values(submissions.takeDue(0)), ElementsAre(1, 2));
    EXPECT_FALSE(submissions.ended(TaskId{2}, 10));
    EXPECT_THAT(values(submissions.takeDue(1000)), IsEmpty());
    EXPECT_TRUE(submissions.ended(TaskId{1}, 2000));
    EXPECT_THAT(values(submissions.takeDue(2000)), ElementsAre(3));
    EXPECT_EQ(submissions.nextDueNs(), 2050);
}

TEST(Submissions, BringsTheNextOfAChainWhenTheOneBeforeIsDone) {
    scenario::Program program = programOfTasks(3);
    program.tasks[0].then = TaskId{2};
    program.tasks[1].then = TaskId{3};
    program.tasks[1].isChained = program.tasks[2].isChained = true;
    Submissions submissions(program);
    submissions.begin(0);
    EXPECT_THAT(values(submissions.takeDue(0)), ElementsAre(1));
    EXPECT_TRUE(submissions.ended(TaskId{1}, 10));
    EXPECT_THAT(values(submissions.takeDue(10)), ElementsAre(2));
    const auto isUnborn = [](TaskId task) { return task.value == 3; };
    const auto undone = unspawnedDescendants(program, TaskId{2}, isUnborn);
    EXPECT_THAT(values(undone), ElementsAre(3));
    EXPECT_TRUE(submissions.ended(TaskId{2}, 20, undone)) << "that was the last";
    EXPECT_TRUE(submissions.allEnded());
    EXPECT_THAT(values(submissions.takeDue(1000)), IsEmpty());
}

TEST(Submissions, LeavesChildrenToTheirParents) {
    scenario::Program program = programOfTasks(2);
    program.tasks[1].parent = TaskId{1};
    Submissions submissions(program);
    submissions.begin(0);
    EXPECT_THAT(values(submissions.takeDue(0)), ElementsAre(1));
    EXPECT_FALSE(submissions.ended(TaskId{1}, 1));
    EXPECT_FALSE(submissions.allEnded());
    EXPECT_TRUE(submissions.ended(TaskId{2}, 2));
    EXPECT_TRUE(submissions.allEnded());
}

TEST(Submissions, CountsChildrenThatWereNeverSpawnedWithTheirParent) {
    scenario::Program program = programOfTasks(3);
    program.tasks[1].parent = TaskId{1};
    program.tasks[2].parent = TaskId{2};
    scenario::Action spawn;
    spawn.kind = scenario::Action::Kind::Spawn;
    spawn.tasks = {TaskId{2}};
    program.tasks[0].actions = {spawn};
    spawn.tasks = {TaskId{3}};
    program.tasks[1].actions = {spawn};
    const auto never = unspawnedDescendants(program, TaskId{1}, [](TaskId) { return true; });
    EXPECT_THAT(values(never), ElementsAre(2, 3));
    Submissions submissions(program);
    submissions.begin(0);
    EXPECT_TRUE(submissions.ended(TaskId{1}, 0, never));
    EXPECT_TRUE(submissions.allEnded());
}

TEST(Submissions, IsAtItsEndAtOnceWithoutTasks) {
    const scenario::Program program;
    Submissions submissions(program);
    submissions.begin(0);
    EXPECT_TRUE(submissions.allEnded());
    EXPECT_THAT(values(submissions.takeDue(0)), IsEmpty());
}

TEST(Submissions, HandlesTenThousandAfterTenThousand) {
    // The program itself shares no list, so only some followers carry it here; what is measured is
    // that an end costs the same however many follow.
    scenario::Program program = programOfTasks(10'200);
    std::vector<TaskId> all;
    for (std::uint32_t i = 1; i <= 10'000; ++i) {
        all.push_back(TaskId{i});
    }
    for (std::size_t i = 10'000; i < program.tasks.size(); ++i) {
        program.tasks[i].after = all;
        program.tasks[i].templateIndex = 1;
    }
    Submissions submissions(program);
    submissions.begin(0);
    EXPECT_EQ(submissions.takeDue(0).size(), 10'000u);
    for (const TaskId task : all) {
        submissions.ended(task, 5);
    }
    EXPECT_EQ(submissions.takeDue(5).size(), 200u);
}

} // namespace interleave::models
