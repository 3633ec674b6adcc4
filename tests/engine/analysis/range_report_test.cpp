// SPDX-License-Identifier: GPL-3.0-or-later
// Every number of a report against brute force, on random spans and ranges.
#include "engine/analysis/range_report.h"

#include "engine/analysis/histogram.h"
#include "engine/recording/span_packer.h"
#include "tests/support/recording_sketch.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace interleave::analysis {
namespace {

using recording::Recording;
using recording::Span;
using recording::TrackKind;

struct RandomShape {
    unsigned seed = 1;
    std::size_t tracks = 5;
    std::size_t spans = 400;
    std::uint32_t tasks = 7;
    double spread = 3; // of the logarithm of durations
};

Recording randomRecording(const RandomShape& shape) {
    std::mt19937_64 random(shape.seed);
    Recording recording;
    recording.tasks.resize(shape.tasks);
    std::vector<StringId> names;
    for (int i = 0; i < 9; ++i) {
        names.push_back(recording.strings.intern("step " + std::to_string(i)));
    }
    std::lognormal_distribution<double> duration(6, shape.spread);
    for (std::uint32_t track = 0; track < shape.tracks; ++track) {
        std::vector<Span> spans;
        Nanoseconds now = 0;
        for (std::size_t i = 0; i < shape.spans; ++i) {
            Span span;
            const auto length = static_cast<Nanoseconds>(std::clamp(duration(random), 1.0, 1e12));
            span.range = {now, now + length};
            now += length + static_cast<Nanoseconds>(random() % 50);
            span.state = static_cast<State>(random() % 8);
            span.task = TaskId{1 + static_cast<std::uint32_t>(random() % shape.tasks)};
            span.name = names[random() % names.size()];
            span.depth = static_cast<std::uint16_t>(random() % 2);
            spans.push_back(span);
        }
        recording::Track each;
        each.id = TrackId{track + 1};
        each.kind = TrackKind::Worker;
        each.subject = track + 1;
        each.spans = recording::packSpans(std::move(spans));
        recording.range.endNs = std::max(recording.range.endNs, now);
        recording.tracks.push_back(std::move(each));
    }
    return recording;
}

struct Expected {
    std::vector<Nanoseconds> durations;
    Nanoseconds inRange = 0;
};

std::uint32_t keyOf(const Span& span, ReportBy by) {
    switch (by) {
    case ReportBy::State:
        return static_cast<std::uint32_t>(span.state);
    case ReportBy::Task:
        return span.task.value;
    case ReportBy::Name:
        return span.name.value;
    }
    return 0;
}

std::map<std::uint32_t, Expected> bruteForce(const Recording& recording,
                                             const RangeQuestion& question) {
    std::map<std::uint32_t, Expected> expected;
    for (const recording::Track& track : recording.tracks) {
        for (std::size_t i = 0; i < track.spans.size() && track.kind == question.kind; ++i) {
            const Span span = track.spans.at(i);
            if (!span.range.overlaps(question.range)) {
                continue;
            }
            Expected& group = expected[keyOf(span, question.by)];
            group.durations.push_back(span.range.durationNs());
            group.inRange += span.range.intersected(question.range).durationNs();
        }
    }
    return expected;
}

void expectLine(const ReportLine& line, Expected expected) {
    EXPECT_EQ(line.count, expected.durations.size());
    EXPECT_EQ(line.inRangeNs, expected.inRange);
    EXPECT_EQ(line.p50Ns, percentile(expected.durations, 0.5));
    EXPECT_EQ(line.p95Ns, percentile(expected.durations, 0.95));
    EXPECT_EQ(line.p99Ns, percentile(expected.durations, 0.99));
    EXPECT_EQ(line.maximumNs, std::ranges::max(expected.durations));
    std::vector<std::uint64_t> bins(kDurationBins, 0);
    Nanoseconds sum = 0;
    for (const Nanoseconds each : expected.durations) {
        ++bins[durationBinOf(each)];
        sum += each;
    }
    EXPECT_EQ(line.sumNs, sum);
    EXPECT_EQ(line.meanNs, sum / static_cast<Nanoseconds>(expected.durations.size()));
    bins.resize(line.bins.size());
    EXPECT_EQ(line.bins, bins);
}

TEST(RangeReport, EqualsBruteForceOnRandomRecordingsAndRanges) {
    for (unsigned seed = 1; seed <= 12; ++seed) {
        const double spread = seed % 3 == 0 ? 0.01 : 3; // nearly equal durations, too
        const Recording recording = randomRecording({seed, 5, 400, 7, spread});
        std::mt19937_64 random(seed);
        const auto end = static_cast<std::uint64_t>(recording.range.endNs);
        const auto a = static_cast<Nanoseconds>(random() % end);
        const auto b = static_cast<Nanoseconds>(random() % end);
        for (const TimeRange range : {recording.range, TimeRange{std::min(a, b), std::max(a, b)}}) {
            for (const ReportBy by : {ReportBy::State, ReportBy::Task, ReportBy::Name}) {
                const RangeQuestion question{range, TrackKind::Worker, by};
                const auto report = rangeReport(recording, question);
                ASSERT_TRUE(report.has_value());
                auto expected = bruteForce(recording, question);
                Expected all;
                ASSERT_EQ(report->lines.size(), expected.size());
                for (const ReportLine& line : report->lines) {
                    expectLine(line, expected[line.key]);
                }
                for (const auto& [key, group] : expected) {
                    all.inRange += group.inRange;
                    all.durations.insert(all.durations.end(), group.durations.begin(),
                                         group.durations.end());
                }
                if (!all.durations.empty()) {
                    expectLine(report->all, all);
                }
                EXPECT_TRUE(std::ranges::is_sorted(report->lines, std::ranges::greater{},
                                                   &ReportLine::inRangeNs));
            }
        }
    }
}

TEST(RangeReport, OfMoreGroupsThanAnyoneReadsTheLongestAreKept) {
    const Recording recording =
        randomRecording({5, 3, 2 * kMostReportLines, 4 * kMostReportLines, 3});
    const RangeQuestion question{recording.range, TrackKind::Worker, ReportBy::Task};
    const auto report = rangeReport(recording, question);
    ASSERT_TRUE(report.has_value());
    auto expected = bruteForce(recording, question);
    EXPECT_EQ(report->lines.size(), kMostReportLines);
    EXPECT_EQ(report->omitted, expected.size() - kMostReportLines);
    EXPECT_EQ(report->all.count, 3 * 2 * kMostReportLines);
    for (std::size_t i = 0; i < report->lines.size(); i += 997) {
        expectLine(report->lines[i], expected[report->lines[i].key]);
    }
}

TEST(RangeReport, AnEmptyRangeOrKindHasNoLines) {
    const auto recording = support::sketch("a: RRGG\n");
    const auto empty = rangeReport(*recording, {{9'000'000, 9'000'001}, TrackKind::Task, {}});
    ASSERT_TRUE(empty.has_value());
    EXPECT_TRUE(empty->lines.empty());
    EXPECT_EQ(empty->all.count, 0u);
    EXPECT_EQ(
        rangeReport(*recording, {recording->range, TrackKind::Queue, ReportBy::Name})->all.count,
        0u);
}

TEST(RangeReport, CanBeStopped) {
    std::stop_source source;
    source.request_stop();
    EXPECT_FALSE(rangeReport(*support::sketch("a: RRGG\n"), {{0, 4000}, TrackKind::Task, {}},
                             source.get_token())
                     .has_value());
}

TEST(DurationBins, CoverEveryDurationWithoutAGap) {
    for (std::size_t bin = 0; bin + 1 < 124; ++bin) {
        EXPECT_LE(durationBinEdge(bin), durationBinEdge(bin + 1));
    }
    for (const Nanoseconds duration : {0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 1000L, 123456789L}) {
        const std::size_t bin = durationBinOf(duration);
        EXPECT_LE(durationBinEdge(bin), duration);
        EXPECT_GT(durationBinEdge(bin + 1), duration) << duration;
    }
}

} // namespace
} // namespace interleave::analysis
