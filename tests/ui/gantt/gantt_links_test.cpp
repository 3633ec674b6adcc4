// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_links.h"

#include "engine/recording/recording_builder.h"
#include "tests/ui/gantt/gantt_inputs.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

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

TEST(GanttLinks, AreThoseOfTheSelectedSpan) {
    const auto recording = handOver();
    EXPECT_EQ(linksOf(*recording, spanOf(*recording, 1, 0)).outgoing.size(), 1u);
    EXPECT_TRUE(linksOf(*recording, spanOf(*recording, 1, 0)).incoming.empty());
    EXPECT_EQ(linksOf(*recording, spanOf(*recording, 2, 1)).incoming.size(), 1u);
}

TEST(GanttLinks, RunFromRowToRowWithTheirLatency) {
    const auto recording = handOver();
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 20'000}, 200));
    const auto arrows = linkArrows(*recording, geometry, spanOf(*recording, 1, 0));
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

} // namespace
} // namespace interleave::ui
