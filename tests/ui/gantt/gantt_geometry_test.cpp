// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_geometry.h"

#include "tests/support/generated_recording.h"
#include "tests/ui/gantt/gantt_inputs.h"

#include <QFontMetricsF>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>
#include <string>

namespace interleave::ui {
namespace {

// What is drawn, as text: a failing test is a picture.
std::string described(const GanttGeometry& geometry) {
    std::string text;
    for (const GanttRow& row : geometry.rows) {
        text += row.isHeading
                    ? fmt::format("# {}\n", row.name.toStdString())
                    : fmt::format("{} ({})\n", row.name.toStdString(), row.detail.toStdString());
        for (std::size_t i = row.firstBar; i < row.endBar; ++i) {
            const GanttBar& bar = geometry.bars[i];
            text += fmt::format("  {} {}..{}{}{}\n", nameOf(bar.state),
                                bar.rect.left() - geometry.plot.left(),
                                bar.rect.right() - geometry.plot.left(),
                                bar.label.isEmpty() ? "" : " \"" + bar.label.toStdString() + "\"",
                                bar.isRelated ? "" : " dimmed");
        }
        for (std::size_t i = row.firstStrip; i < row.endStrip; ++i) {
            for (const ColumnRun& run : geometry.strips[i].merged->runs()) {
                text += fmt::format("  merged {}..{}\n", run.first, run.end);
            }
        }
    }
    return text;
}

TEST(GanttGeometry, DrawsWideSpansExactly) {
    const auto recording = support::sketch("a: QQRRRRRRGGGGd\n"
                                           "b: ....RRRRd\n"
                                           "lock GIL: ..aaaa\n");
    EXPECT_EQ(described(ganttGeometry(inputsFor(recording, {0, 12'000}, 120))),
              "# Tasks (2)\n"
              "a (50 % running)\n"
              "  queued 0..20\n"
              "  running 20..80 \"running\"\n"
              "  waiting_gil 80..120\n"
              "b (33 % running)\n"
              "  running 40..80\n"
              "# Locks (1)\n"
              "GIL (33 % held)\n"
              "  held 20..60 \"a\"\n");
}

TEST(GanttGeometry, MergesSpansUnderThreePixels) {
    const auto recording = support::sketch("a: RRRRRRRRRRGRGRGRGRRRRRRRRRRRd\n");
    EXPECT_EQ(described(ganttGeometry(inputsFor(recording, {0, 28'000}, 28))), "# Tasks (1)\n"
                                                                               "a (86 % running)\n"
                                                                               "  running 0..10\n"
                                                                               "  running 17..28\n"
                                                                               "  merged 10..17\n");
}

/// How high a state is in a column of a strip.
int heightOf(const GanttStrip& strip, std::size_t column, State state) {
    int below = 0;
    for (std::size_t i = 0; i < strip.merged->states().size(); ++i) {
        const int top = strip.merged->topsAt(column)[i];
        if (strip.merged->states()[i] == state) {
            return top - below;
        }
        below = top;
    }
    return 0;
}

TEST(GanttGeometry, StatesOfAMergedColumnHaveTheirShares) {
    const auto recording = support::sketch("a: RGRGRGRGRGRGRGRGd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 16'000}, 8));
    ASSERT_EQ(geometry.strips.size(), 1u);
    const GanttStrip& strip = geometry.strips[0];
    for (std::size_t column = 0; column < 8; ++column) {
        const int running = heightOf(strip, column, State::Running);
        const int waiting = heightOf(strip, column, State::WaitingGil);
        EXPECT_NEAR(running, waiting, 1);
        EXPECT_NEAR(running + waiting, 0.8 * strip.area.height(), 1)
            << "half of it running at 100 %, half waiting at 60 %";
    }
}

TEST(GanttGeometry, MergedWaitsAreNoHigherThanTheirBars) {
    const auto recording = support::sketch("a: GGGGGGGGd\n");
    const GanttGeometry exact = ganttGeometry(inputsFor(recording, {0, 8000}, 80));
    const GanttGeometry merged = ganttGeometry(inputsFor(recording, {0, 4'000'000}, 1000));
    ASSERT_EQ(exact.bars.size(), 1u);
    ASSERT_EQ(merged.strips.size(), 1u);
    EXPECT_NEAR(heightOf(merged.strips[0], 0, State::WaitingGil), exact.bars[0].rect.height(), 1);
}

TEST(GanttGeometry, AShortWaitForTheGilStaysVisible) {
    const auto recording =
        support::sketch("a: RG" + std::string(997, 'R') + "d\n", Nanoseconds{1000});
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 1'000'000}, 100));
    ASSERT_EQ(geometry.strips.size(), 1u);
    EXPECT_GE(heightOf(geometry.strips[0], 0, State::WaitingGil), 1);
}

TEST(GanttGeometry, AQueueSaysHowManyMessagesLieInIt) {
    recording::RecordingBuilder builder;
    const ObjectId queue = builder.addObject({.name = "jobs", .kind = "message-queue"});
    recording::Span span;
    span.range = {0, 1000};
    span.state = State::Queued;
    builder.addObjectSpan(queue, span);
    builder.addCounter({.name = recording::kReadyMessages,
                        .unit = "messages",
                        .subject = queue.value,
                        .time = {0, 400, 800},
                        .value = {1, 7, 2}});
    const auto recording = builder.finish();
    const auto detailIn = [&](TimeRange range) {
        return ganttGeometry(inputsFor(recording, range, 500)).rows.back().detail.toStdString();
    };
    EXPECT_EQ(detailIn({0, 1000}), "at most 7 waiting");
    EXPECT_EQ(detailIn({100, 300}), "at most 1 waiting") << "what lay there before counts";
    EXPECT_EQ(detailIn({900, 1000}), "at most 2 waiting");
}

TEST(GanttGeometry, EachDepthHasALane) {
    recording::RecordingBuilder builder;
    recording::Span span;
    span.task = builder.addTask({.name = "a", .group = "a"});
    const auto add = [&](TimeRange range, std::uint16_t depth) {
        span.range = range;
        span.depth = depth;
        builder.addTaskSpan(span);
    };
    add({0, 1000}, 0);
    add({100, 900}, 1);
    add({200, 300}, 2);
    add({400, 401}, 2);
    const GanttGeometry geometry = ganttGeometry(inputsFor(builder.finish(), {0, 1000}, 500));
    ASSERT_EQ(geometry.bars.size(), 3u);
    EXPECT_LT(geometry.bars[0].rect.bottom(), geometry.bars[1].rect.top());
    EXPECT_LT(geometry.bars[1].rect.bottom(), geometry.bars[2].rect.top());
    ASSERT_EQ(geometry.strips.size(), 1u);
    EXPECT_EQ(geometry.strips[0].lane, 2);
    const GanttRow& row = geometry.rows.back();
    EXPECT_EQ(row.detail, "100 % running") << "what lies within another span counts once";
    for (const GanttBar& bar : geometry.bars) {
        EXPECT_EQ(geometry.barAt(bar.rect.center()), &bar);
        EXPECT_GE(bar.rect.top(), row.rect.top());
        EXPECT_LE(bar.rect.bottom(), row.rect.bottom());
    }
}

TEST(GanttGeometry, LanesDeeperThanShownAreHintedAt) {
    recording::RecordingBuilder builder;
    recording::Span span;
    span.task = builder.addTask({.name = "a", .group = "a"});
    for (std::uint16_t depth = 0; depth < 20; ++depth) {
        span.range = {depth, 1000 - depth};
        span.depth = depth;
        builder.addTaskSpan(span);
    }
    const GanttGeometry geometry = ganttGeometry(inputsFor(builder.finish(), {0, 1000}, 500));
    ASSERT_EQ(geometry.bars.size(), static_cast<std::size_t>(kSomeLanes) + 1);
    EXPECT_EQ(geometry.bars.back().rect.height(), 2);
    EXPECT_GE(geometry.bars.back().rect.top(),
              geometry.bars[geometry.bars.size() - 2].rect.bottom());
}

TEST(GanttGeometry, KnowsWhereSpansAreMerged) {
    const auto recording = support::sketch("a: RRRRRRRRRRGRGRGRGRRRRRRRRRRRd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 28'000}, 28));
    const double y = geometry.rows[1].rect.center().y();
    const auto at = [&](double x) { return geometry.mergedAt({geometry.plot.left() + x, y}); };
    EXPECT_FALSE(at(5));
    ASSERT_TRUE(at(12.5));
    EXPECT_EQ(at(12.5)->range, (TimeRange{12'000, 13'000}));
    EXPECT_EQ(at(12.5)->track, geometry.rows[1].track);
    EXPECT_FALSE(at(20));
    EXPECT_FALSE(at(-3));
    EXPECT_FALSE(geometry.mergedAt({geometry.plot.left() + 12.5, geometry.plot.top() + 2}));
}

TEST(GanttGeometry, MarksLieOnTheirRowsOrOnTheRuler) {
    support::GeneratedOptions options;
    options.spans = 100;
    options.tracks = 3;
    options.marks = 20'000;
    const auto recording = support::generatedRecording(options);
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, recording->range, 400));
    ASSERT_EQ(geometry.rows.size(), 4u);
    for (const GanttRow& row : geometry.rows) {
        EXPECT_EQ(row.isHeading, row.firstMark == row.endMark);
        EXPECT_LE(row.endMark - row.firstMark, 101u) << "at most one in four pixels";
        for (std::size_t i = row.firstMark; i < row.endMark; ++i) {
            const GanttInstant& instant = geometry.instants[i];
            EXPECT_EQ(recording->marks[instant.mark].track, row.track);
            EXPECT_EQ(instant.x, geometry.xOf(recording->marks[instant.mark].timeNs));
        }
    }
    ASSERT_LT(geometry.firstRulerMark, geometry.instants.size());
    EXPECT_TRUE(recording->marks[geometry.instants[geometry.firstRulerMark].mark].track.isNone());
}

TEST(GanttGeometry, LeavesHiddenStatesOut) {
    const auto recording = support::sketch("a: QQQQRRRRd\n");
    GanttInputs inputs = inputsFor(recording, {0, 8000}, 80);
    inputs.hidden.set(static_cast<std::size_t>(State::Queued));
    const GanttGeometry geometry = ganttGeometry(inputs);
    ASSERT_EQ(geometry.bars.size(), 1u);
    EXPECT_EQ(geometry.bars[0].state, State::Running);
}

TEST(GanttGeometry, DimsWhatIsNotOfTheSelectedTask) {
    const auto recording = support::sketch("a: RRRRd\nb: RRRRd\nlock GIL: aabb\n");
    GanttInputs inputs = inputsFor(recording, {0, 4000}, 80);
    inputs.selected = SpanRef{*recording->trackOf(recording::TrackKind::Task, 1), 0};
    EXPECT_EQ(described(ganttGeometry(inputs)), "# Tasks (2)\n"
                                                "a (100 % running)\n"
                                                "  running 0..80 \"running\"\n"
                                                "b (100 % running)\n"
                                                "  running 0..80 \"running\" dimmed\n"
                                                "# Locks (1)\n"
                                                "GIL (100 % held)\n"
                                                "  held 0..40 \"a\"\n"
                                                "  held 40..80 \"b\" dimmed\n");
}

TEST(GanttGeometry, MarksABadEnd) {
    const auto recording = support::sketch("a: RRRRf\nb: RRRRx\nc: RRRRd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 5000}, 100));
    ASSERT_EQ(geometry.endMarks.size(), 2u);
    EXPECT_EQ(geometry.endMarks[0].state, State::Failed);
    EXPECT_EQ(geometry.endMarks[1].state, State::Cancelled);
}

TEST(GanttGeometry, NothingLiesOutsideOfThePlot) {
    std::mt19937 random(3);
    const auto recording = support::demoRecording();
    for (int i = 0; i < 200; ++i) {
        const auto begin = static_cast<Nanoseconds>(random() % 60'000'000);
        const auto length = static_cast<Nanoseconds>(20 + random() % 30'000'000);
        const auto grouping = static_cast<Grouping>(i % 3);
        GanttInputs inputs = inputsFor(recording, {begin, begin + length},
                                       50 + static_cast<double>(random() % 900), grouping);
        inputs.rowPx = 18 + i % 30;
        inputs.scrollPx = i % 40;
        const GanttGeometry geometry = ganttGeometry(inputs);
        const QRectF wide = geometry.plot.adjusted(-2, -120, 2, 120); // rows may be partly scrolled
        for (const GanttBar& bar : geometry.bars) {
            EXPECT_TRUE(wide.contains(bar.rect));
            EXPECT_GE(bar.rect.width(), 1);
        }
        for (const GanttStrip& strip : geometry.strips) {
            EXPECT_TRUE(wide.contains(strip.area));
            EXPECT_LE(strip.merged->runs().back().end, std::ceil(geometry.plot.width()));
        }
        for (const GanttRow& row : geometry.rows) {
            for (std::size_t b = row.firstBar; b < row.endBar; ++b) {
                EXPECT_GE(geometry.bars[b].rect.top(), row.rect.top());
                EXPECT_LE(geometry.bars[b].rect.bottom(), row.rect.bottom());
                EXPECT_FALSE(geometry.bars[b].rect.intersected(row.rect).isEmpty());
            }
        }
    }
}

TEST(GanttGeometry, LabelsFitInsideTheirBars) {
    const auto recording = support::demoRecording();
    int labelled = 0;
    for (const double width : {200.0, 500.0, 1200.0, 3000.0}) {
        GanttInputs inputs = inputsFor(recording, recording->range, width);
        inputs.rowPx = 40;
        inputs.size.setHeight(2000);
        const GanttGeometry geometry = ganttGeometry(inputs);
        const QFontMetricsF metrics(inputs.labelFont);
        for (const GanttBar& bar : geometry.bars) {
            const QRectF seen = bar.rect.intersected(geometry.plot);
            if (!bar.label.isEmpty()) {
                ++labelled;
                EXPECT_LE(metrics.horizontalAdvance(bar.label), seen.width() - 8);
                EXPECT_GE(seen.width(), kLeastLabelPx);
                EXPECT_GE(seen.height(), 12);
            }
        }
    }
    EXPECT_GT(labelled, 20);
}

TEST(GanttGeometry, FindsTheBarUnderAPoint) {
    const auto recording = support::sketch("a: RRRR..GGGGd\nb: ..RRRRd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {0, 10'000}, 100));
    const double rowA = geometry.rows[1].rect.center().y();
    const double rowB = geometry.rows[2].rect.center().y();
    const double left = geometry.plot.left();
    const auto at = [&](double x, double y) { return geometry.barAt({left + x, y}); };
    ASSERT_NE(at(5, rowA), nullptr);
    EXPECT_EQ(at(5, rowA)->state, State::Running);
    EXPECT_EQ(at(50, rowA), nullptr) << "a gap";
    ASSERT_NE(at(95, rowA), nullptr);
    EXPECT_EQ(at(95, rowA)->state, State::WaitingGil);
    ASSERT_NE(at(30, rowB), nullptr);
    EXPECT_EQ(at(5, rowB), nullptr);
    EXPECT_EQ(at(-5, rowA), nullptr) << "the row's name";
    EXPECT_EQ(at(5, geometry.plot.top() + 5), nullptr) << "a heading";
    EXPECT_EQ(at(5, 5), nullptr) << "the ruler";
}

TEST(GanttGeometry, OnlyRowsInSightAreMade) {
    GanttInputs inputs = inputsFor(manyTasks(300), {0, 4000}, 100);
    inputs.scrollPx = 2600;
    const GanttGeometry geometry = ganttGeometry(inputs);
    EXPECT_LT(geometry.rows.size(), 20u);
    EXPECT_GT(geometry.rows.front().index, 90u);
    EXPECT_GT(geometry.hiddenRowCount, 150u);
}

TEST(GanttGeometry, TimeAndPlaceAgree) {
    const auto recording = support::sketch("a: RRRRd\n");
    const GanttGeometry geometry = ganttGeometry(inputsFor(recording, {1000, 9000}, 800));
    for (Nanoseconds time = 1000; time <= 9000; time += 137) {
        EXPECT_NEAR(static_cast<double>(geometry.timeAt(geometry.xOf(time))),
                    static_cast<double>(time), 1);
    }
    EXPECT_EQ(geometry.xOf(1000), geometry.plot.left());
    EXPECT_EQ(geometry.xOf(9000), geometry.plot.right());
}

} // namespace
} // namespace interleave::ui
