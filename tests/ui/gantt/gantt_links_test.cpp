// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_links.h"

#include "engine/recording/recording_builder.h"
#include "tests/ui/gantt/gantt_inputs.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

using analysis::LinkIndex;
using recording::LinkKind;

// a holds the lock for 10 us, then b gets it 1 us later.
std::shared_ptr<const recording::Recording> handOver() {
    recording::RecordingBuilder builder;
    const TaskId a = builder.addTask({.name = "a", .group = "t", .end = State::Done});
    const TaskId b = builder.addTask({.name = "b", .group = "t", .end = State::Done});
    const auto add = [&](TaskId task, State state, Nanoseconds begin, Nanoseconds end) {
        recording::Span span;
        span.range = {begin, end};
        span.state = state;
        span.task = task;
        builder.addTaskSpan(span);
    };
    add(a, State::Running, 0, 10'000);
    add(b, State::WaitingLock, 0, 11'000);
    add(b, State::Running, 11'000, 20'000);
    recording::Link link;
    link.kind = LinkKind::Handoff;
    link.from = {10'000, a, {}};
    link.to = {11'000, b, {}};
    link.isForced = true;
    builder.addLink(link);
    return builder.finish();
}

SpanRef spanOf(const recording::Recording& recording, std::uint32_t task, std::size_t index) {
    return {*recording.trackOf(recording::TrackKind::Task, task), index};
}

TEST(GanttLinks, RunFromRowToRowWithTheirLatency) {
    const auto recording = handOver();
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 20'000}, 200));
    const auto arrows = linkArrows(LinkIndex(recording), geometry, spanOf(*recording, 1, 0));
    ASSERT_EQ(arrows.size(), 1u);
    EXPECT_EQ(arrows[0].label.toStdString(), "1.00 µs");
    EXPECT_TRUE(arrows[0].isForced);
    EXPECT_DOUBLE_EQ(arrows[0].path.first().x(), geometry.plot.left() + 100);
    EXPECT_DOUBLE_EQ(arrows[0].path.last().x(), geometry.plot.left() + 110);
    EXPECT_TRUE(geometry.rows[1].rect.contains(arrows[0].path.first()));
    EXPECT_TRUE(geometry.rows[2].rect.contains(arrows[0].path.last()));
}

TEST(GanttLinks, LeadToTheSpansAtTheirEnds) {
    const auto recording = handOver();
    const recording::Link& link = recording->links.front();
    EXPECT_EQ(spanAtEnd(*recording, link.to, false, Grouping::Task), spanOf(*recording, 2, 1));
    EXPECT_EQ(spanAtEnd(*recording, link.from, true, Grouping::Task), spanOf(*recording, 1, 0));
    EXPECT_EQ(spanAtEnd(*recording, link.to, false, Grouping::Worker), std::nullopt);
}

TEST(GanttLinks, AreFollowedThereAndBack) {
    const auto recording = handOver();
    const LinkIndex links(recording);
    const SpanRef holder = spanOf(*recording, 1, 0);
    const SpanRef next = spanOf(*recording, 2, 1);
    ASSERT_TRUE(followLink(links, holder, true, Grouping::Task).has_value());
    EXPECT_EQ(followLink(links, holder, true, Grouping::Task)->span, next);
    EXPECT_EQ(followLink(links, next, false, Grouping::Task)->span, holder);
    EXPECT_EQ(followLink(links, spanOf(*recording, 2, 0), false, Grouping::Task)->span, holder)
        << "who held the lock that this one waited for";
    EXPECT_FALSE(followLink(links, holder, false, Grouping::Task).has_value());
    EXPECT_EQ(linkText(*recording, 0).toStdString(), "handoff after 1.00 µs, a to b");
}

// One task wakes four others in turn.
std::shared_ptr<const recording::Recording> wakesFour() {
    recording::RecordingBuilder builder;
    const auto add = [&](const char* name, TimeRange range) {
        recording::Span span;
        span.task = builder.addTask({.name = name, .group = "t", .end = State::Done});
        span.range = range;
        builder.addTaskSpan(span);
        return span.task;
    };
    const TaskId waker = add("waker", {0, 10'000});
    for (const Nanoseconds time : {1000, 2000, 3000, 4000}) {
        recording::Link link;
        link.kind = LinkKind::Wake;
        link.from = {time, waker, {}};
        link.to = {time + 100, add("woken", {time + 100, 9000}), {}};
        builder.addLink(link);
    }
    return builder.finish();
}

TEST(GanttLinks, TheNextArrowComesAfterTheOneThatWasFollowed) {
    const auto recording = wakesFour();
    const LinkIndex links(recording);
    std::optional<std::uint32_t> earlier;
    std::vector<std::uint32_t> tasks;
    for (int i = 0; i < 5; ++i) {
        const auto followed =
            followLink(links, spanOf(*recording, 1, 0), true, Grouping::Task, earlier);
        ASSERT_TRUE(followed.has_value());
        tasks.push_back(recording->track(followed->span.track).subject);
        earlier = followed->link;
    }
    EXPECT_EQ(tasks, (std::vector<std::uint32_t>{2, 3, 4, 5, 2}));
}

TEST(GanttLinks, DrawsThoseInThePictureFirst) {
    const auto recording = wakesFour();
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {2900, 3200}, 300));
    const auto arrows = linkArrows(LinkIndex(recording), geometry, spanOf(*recording, 1, 0), 1);
    ASSERT_EQ(arrows.size(), 1u);
    EXPECT_DOUBLE_EQ(arrows[0].path.first().x(), geometry.plot.left() + 100);
}

} // namespace
} // namespace interleave::ui
