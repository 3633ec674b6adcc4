// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/span_text.h"

#include "engine/recording/recording_builder.h"
#include "engine/recording/span_packer.h"
#include "tests/support/recording_sketch.h"
#include "ui/gantt/span_search.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

QString valueOf(const QList<Detail>& details, const char* label) {
    for (const Detail& detail : details) {
        if (detail.label == QLatin1String(label)) {
            return detail.value;
        }
    }
    return {};
}

TEST(SpanText, TellsWhatIsKnown) {
    const auto recording = support::sketch("w0: RRRR\na: QQRRRRd\na/worker: ..0000\n");
    const TrackId track = *recording->trackOf(recording::TrackKind::Task, 1);
    const QList<Detail> details = spanDetails(*recording, track, 1);
    EXPECT_EQ(valueOf(details, "State"), "running");
    EXPECT_EQ(valueOf(details, "Task"), "a");
    EXPECT_EQ(valueOf(details, "Worker"), "w0");
    EXPECT_EQ(valueOf(details, "Duration"), "4.00 µs");
    EXPECT_EQ(valueOf(details, "Begin"), "0.002 000 ms");
    EXPECT_EQ(valueOf(details, "End"), "0.006 000 ms");
    EXPECT_EQ(valueOf(details, "Span"), "2 of 2 on a");
    EXPECT_TRUE(valueOf(details, "Core").isEmpty()) << "not known, so not said";
    EXPECT_TRUE(valueOf(details, "Cause").isEmpty());
}

TEST(SpanText, SumsUpMergedSpans) {
    const auto recording = support::sketch("a: RRRGGGGGGGd\n");
    const TrackId track = *recording->trackOf(recording::TrackKind::Task, 1);
    EXPECT_EQ(mergedTip(*recording, track, {0, 10'000}).toStdString(),
              "2 spans in 10.0 µs: 70 % waiting_gil, 30 % running");
    EXPECT_EQ(mergedTip(*recording, track, {2000, 3000}).toStdString(),
              "1 span in 1.00 µs: 100 % running");
    EXPECT_EQ(mergedTip(*recording, track, {50'000, 60'000}).toStdString(), "");
}

TEST(SpanText, DescribesEverySpanOfARecording) {
    const auto recording = support::demoRecording();
    for (const recording::Track& track : recording->tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            EXPECT_GE(spanDetails(*recording, track.id, i).size(), 5);
            EXPECT_TRUE(spanTip(*recording, track.id, i).contains(QStringLiteral(" · ")));
        }
    }
}

TEST(SpanSearch, FindsTheSpanAtOrNearATime) {
    const auto recording = support::sketch("a: RR....GGd\n");
    const auto& spans = recording->track(*recording->trackOf(recording::TrackKind::Task, 1)).spans;
    EXPECT_EQ(nearestSpan(spans, -50), 0u);
    EXPECT_EQ(nearestSpan(spans, 1500), 0u);
    EXPECT_EQ(nearestSpan(spans, 2500), 0u);
    EXPECT_EQ(nearestSpan(spans, 5500), 1u);
    EXPECT_EQ(nearestSpan(spans, 99'000), 1u);
    EXPECT_EQ(nearestSpan({}, 5), std::nullopt);
    EXPECT_EQ(longestSpan(spans, {0, 10'000}), 0u);
    EXPECT_EQ(longestSpan(spans, {3000, 4000}), std::nullopt);
}

// Depth 0: outer 0..10; depth 1: inner 2..4 and 6..8.
std::shared_ptr<const recording::Recording> nested() {
    recording::RecordingBuilder builder;
    recording::Span span;
    span.task = builder.addTask({.name = "a", .group = "t", .end = State::Done});
    span.range = {0, 10'000};
    builder.addTaskSpan(span);
    for (const TimeRange range : {TimeRange{2000, 4000}, TimeRange{6000, 8000}}) {
        span.range = range;
        span.depth = 1;
        builder.addTaskSpan(span);
    }
    return builder.finish();
}

TEST(SpanSearch, TheDeepestSpanIsNearest) {
    const auto recording = nested();
    const auto& spans = recording->tracks.front().spans;
    ASSERT_EQ(spans.lanes().size(), 2u);
    EXPECT_EQ(spans.rangeAt(*nearestSpan(spans, 3000)), (TimeRange{2000, 4000}));
    EXPECT_EQ(spans.rangeAt(*nearestSpan(spans, 5000)), (TimeRange{0, 10'000}));
}

TEST(SpanSearch, NeighboursAreOfTheSameDepth) {
    const auto recording = nested();
    const auto& spans = recording->tracks.front().spans;
    const std::size_t first = *nearestSpan(spans, 3000);
    const auto next = neighbourOf(spans, first, 1);
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(spans.rangeAt(*next), (TimeRange{6000, 8000}));
    EXPECT_EQ(neighbourOf(spans, *next, 1), std::nullopt);
    EXPECT_EQ(neighbourOf(spans, first, -1), std::nullopt) << "the outer one is no neighbour";
    EXPECT_EQ(neighbourOf(spans, 99, 1), std::nullopt);
}

class FakeDetails : public recording::DetailTexts {
public:
    std::string text(std::uint64_t key) const override {
        return key == 7 ? R"({"url":"/index","size":1200,"peer":{"port":80,"tags":["a","b"]}})"
                        : "not JSON";
    }
};

std::shared_ptr<const recording::Recording> withDetail(std::uint64_t key) {
    recording::RecordingBuilder builder;
    recording::WorkerInfo info;
    info.name = "thread";
    const WorkerId worker = builder.addWorker(std::move(info));
    recording::Span span;
    span.range = {0, 10};
    span.worker = worker;
    span.detail = key;
    span.isUnfinished = true;
    span.depth = 0;
    builder.setSpans(recording::TrackKind::Worker, worker.value, recording::packSpans({span}));
    builder.setDetails(std::make_shared<FakeDetails>());
    return builder.finish();
}

TEST(SpanText, ArgumentsOfForeignEventsAreKeysAndValues) {
    const QList<Detail> details = spanDetails(*withDetail(7), TrackId{1}, 0);
    EXPECT_EQ(valueOf(details, "url"), "/index");
    EXPECT_EQ(valueOf(details, "size"), "1200");
    EXPECT_EQ(valueOf(details, "peer.port"), "80");
    EXPECT_EQ(valueOf(details, "peer.tags"), "[\"a\",\"b\"]");
    EXPECT_TRUE(valueOf(details, "State").contains(QStringLiteral("end was not recorded")));
    EXPECT_EQ(valueOf(spanDetails(*withDetail(8), TrackId{1}, 0), "Arguments"), "not JSON");
}

TEST(SpanText, LinksLeadToTheSpanAtTheirOtherEnd) {
    const auto recording = support::demoRecording();
    const analysis::LinkIndex links(recording);
    int followed = 0;
    for (const recording::Track& track : recording->tracks) {
        if (track.kind != recording::TrackKind::Task) {
            continue;
        }
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            for (const Detail& detail : linkDetails(links, {track.id, i}, Grouping::Task)) {
                if (detail.label == QLatin1String("Got it from") && detail.target) {
                    EXPECT_NE(*detail.target, (SpanRef{track.id, i}));
                    EXPECT_TRUE(detail.value.contains(QStringLiteral("before")));
                    ++followed;
                }
            }
        }
    }
    EXPECT_GT(followed, 0);
}

TEST(SpanText, ARowIsASentence) {
    const auto recording = support::sketch("a: RRRRRRGGGId\n");
    const TrackId track = *recording->trackOf(recording::TrackKind::Task, 1);
    EXPECT_EQ(rowSentence(*recording, track, {0, 10'000}).toStdString(),
              "a: running 60 %, waiting for GIL 30 %, waiting for I/O 10 %, 3 spans");
    EXPECT_EQ(rowSentence(*recording, track, {6'000, 8'000}).toStdString(),
              "a: waiting for GIL 100 %, 1 span");
}

} // namespace
} // namespace interleave::ui
