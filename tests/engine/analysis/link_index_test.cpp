// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/link_index.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace interleave::analysis {
namespace {

using recording::Link;
using recording::Recording;

std::shared_ptr<Recording> withActors(std::size_t tasks, std::size_t workers) {
    auto recording = std::make_shared<Recording>();
    recording->tasks.resize(tasks);
    recording->workers.resize(workers);
    return recording;
}

Link link(Nanoseconds from, std::uint32_t fromTask, Nanoseconds to, std::uint32_t toTask) {
    Link result;
    result.from = {from, TaskId{fromTask}, WorkerId{}};
    result.to = {to, TaskId{toTask}, WorkerId{}};
    return result;
}

std::vector<std::uint32_t> asVector(LinkIndex::Indices indices) {
    return {indices.begin(), indices.end()};
}

TEST(LinkIndex, FindsWhatLeavesAndWhatReachesATask) {
    auto recording = withActors(3, 0);
    recording->links = {link(10, 1, 20, 2), link(20, 1, 90, 3), link(30, 2, 40, 1)};
    const LinkIndex index(recording);
    EXPECT_EQ(asVector(index.leaving(TaskId{1}, {0, 100})), (std::vector<std::uint32_t>{0, 1}));
    EXPECT_EQ(asVector(index.reaching(TaskId{1}, {0, 100})), (std::vector<std::uint32_t>{2}));
    EXPECT_EQ(asVector(index.leaving(TaskId{1}, {20, 20})), (std::vector<std::uint32_t>{1}))
        << "both ends of the range count";
    EXPECT_TRUE(index.leaving(TaskId{}, {0, 100}).empty());
    EXPECT_TRUE(index.leaving(TaskId{77}, {0, 100}).empty());
}

TEST(LinkIndex, ArrivalsAreInOrderOfArrival) {
    auto recording = withActors(2, 0);
    recording->links = {link(10, 1, 90, 2), link(20, 1, 30, 2), link(30, 1, 60, 2)};
    const LinkIndex index(recording);
    EXPECT_EQ(asVector(index.reaching(TaskId{2}, {0, 100})), (std::vector<std::uint32_t>{1, 2, 0}));
    EXPECT_EQ(asVector(index.reaching(TaskId{2}, {40, 70})), (std::vector<std::uint32_t>{2}));
}

TEST(LinkIndex, AnEndWithoutATaskBelongsToItsWorker) {
    auto recording = withActors(1, 2);
    Link wake;
    wake.from = {10, TaskId{}, WorkerId{2}};
    wake.to = {20, TaskId{1}, WorkerId{1}};
    recording->links = {wake};
    const LinkIndex index(recording);
    EXPECT_EQ(index.leaving(WorkerId{2}, {0, 100}).size(), 1u);
    EXPECT_EQ(index.reaching(TaskId{1}, {0, 100}).size(), 1u);
    EXPECT_TRUE(index.reaching(WorkerId{1}, {0, 100}).empty()) << "that is its task's";
    EXPECT_TRUE(index.leaving(WorkerId{9}, {0, 100}).empty());
}

TEST(LinkIndex, AgreesWithAScanOfAllLinks) {
    std::mt19937 random(3); // NOLINT: the same every time
    const auto upTo = [&](std::uint32_t most) {
        return std::uniform_int_distribution<std::uint32_t>(0, most)(random);
    };
    auto recording = withActors(20, 3);
    for (int i = 0; i < 5000; ++i) {
        const auto time = static_cast<Nanoseconds>(i * 10);
        recording->links.push_back(link(time, upTo(20), time + upTo(500), upTo(20)));
    }
    const LinkIndex index(recording);
    for (int i = 0; i < 200; ++i) {
        const TaskId task{1 + upTo(19)};
        const Nanoseconds begin = upTo(50'000);
        const TimeRange range{begin, begin + upTo(3000)};
        std::size_t leaving = 0;
        std::size_t reaching = 0;
        for (const Link& each : recording->links) {
            const auto isWithin = [&](Nanoseconds time) {
                return range.beginNs <= time && time <= range.endNs;
            };
            leaving += each.from.task == task && isWithin(each.from.timeNs) ? 1U : 0U;
            reaching += each.to.task == task && isWithin(each.to.timeNs) ? 1U : 0U;
        }
        EXPECT_EQ(index.leaving(task, range).size(), leaving);
        EXPECT_EQ(index.reaching(task, range).size(), reaching);
    }
}

TEST(LinkIndex, DamagedIdsAreNobodys) {
    auto recording = withActors(1, 1);
    recording->links = {link(1, 50, 2, 60)};
    recording->links[0].from.worker = WorkerId{70};
    const LinkIndex index(recording);
    EXPECT_TRUE(index.leaving(TaskId{50}, {0, 10}).empty());
}

} // namespace
} // namespace interleave::analysis
