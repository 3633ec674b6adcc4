// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/span_text.h"

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

} // namespace
} // namespace interleave::ui
