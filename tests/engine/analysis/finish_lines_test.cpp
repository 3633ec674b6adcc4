// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/finish_lines.h"

#include "engine/recording/recording_builder.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

namespace interleave::analysis {
namespace {

constexpr Nanoseconds kLineMs = 1'000'000; // a unit of these sketches

FinishLines linesOf(const char* text, int cores) {
    auto recording = std::make_shared<recording::Recording>(*support::sketch(text, kLineMs));
    recording->info.cores = cores;
    const auto lines = finishLinesOf(*recording);
    EXPECT_TRUE(lines);
    return *lines;
}

TEST(FinishLines, IndependentTasksAreLimitedByCoresAndByTheLongest) {
    const FinishLines lines = linesOf("a: RRRRRRRR\nb: QQQQQQQQRRRR\nc: QQQQQQQQQQQQRRRR\n", 2);
    EXPECT_EQ(lines.workNs, 16 * kLineMs);
    EXPECT_EQ(lines.workOverCoresNs, 8 * kLineMs);
    EXPECT_EQ(lines.criticalPathNs, 8 * kLineMs);
    EXPECT_EQ(lines.serialNs, 0);
    EXPECT_EQ(lines.amdahlNs, 8 * kLineMs);
}

TEST(FinishLines, WaitingForACoreOrALockIsNoPartOfThePath) {
    const FinishLines lines = linesOf("a: RRCCGGLLIIR\n", 4);
    EXPECT_EQ(lines.criticalPathNs, 5 * kLineMs) << "3 of computing, 2 of I/O";
}

TEST(FinishLines, WhatAnEndBringsAboutComesAfterIt) {
    // c begins when b ends; while it is there nobody else is.
    const FinishLines lines = linesOf("a: RRRR\nb: RRRRRR\nc: ......RRR\n", 2);
    EXPECT_EQ(lines.criticalPathNs, 9 * kLineMs);
    EXPECT_EQ(lines.serialNs, 3 * kLineMs);
    EXPECT_EQ(lines.amdahlNs, 3 * kLineMs + 10 * kLineMs / 2);
    EXPECT_EQ(lines.bestNs(), 9 * kLineMs);
}

TEST(FinishLines, TheTimeAtWhichATaskArrivesIsALine) {
    const FinishLines lines = linesOf("a: RR\nb: ..........RR\n", 2);
    EXPECT_EQ(lines.criticalPathNs, 12 * kLineMs);
    EXPECT_EQ(lines.serialNs, 0) << "nobody had to wait for it";
}

TEST(FinishLines, AParentIsAsLateAsTheChildrenThatItAwaits) {
    recording::RecordingBuilder builder;
    builder.info().cores = 2;
    const TaskId parent = builder.addTask({"p", "p", State::Done, 0, 9 * kLineMs});
    const TaskId child = builder.addTask({"c", "c", State::Done, 2 * kLineMs, 7 * kLineMs});
    const auto span = [&](TaskId task, Nanoseconds begin, Nanoseconds end, State state) {
        builder.addTaskSpan(
            {.range = {begin * kLineMs, end * kLineMs}, .state = state, .task = task});
    };
    span(parent, 0, 2, State::Running);
    span(parent, 2, 8, State::Suspended);
    span(parent, 8, 9, State::Running);
    span(child, 2, 4, State::Queued);
    span(child, 4, 7, State::Running);
    builder.addLink({.kind = recording::LinkKind::Spawn,
                     .from = {2 * kLineMs, parent, {}},
                     .to = {2 * kLineMs, child, {}}});
    const auto lines = finishLinesOf(*builder.finish());
    ASSERT_TRUE(lines);
    EXPECT_EQ(lines->criticalPathNs, 6 * kLineMs) << "2, then the child's 3, then 1";
    EXPECT_EQ(lines->serialNs, 6 * kLineMs) << "never were there two";
}

TEST(FinishLines, OfNothingAreUnknown) {
    EXPECT_FALSE(finishLinesOf(recording::Recording{}));
    EXPECT_FALSE(finishLinesOf(*support::sketch("a: QQQQx\n")));
}

} // namespace
} // namespace interleave::analysis
