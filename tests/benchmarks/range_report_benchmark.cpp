// SPDX-License-Identifier: GPL-3.0-or-later
// What the numbers of a range cost over ten million spans: state totals from the pyramid, a report
// by state, task and name with exact percentiles. Beside the floor: unpacking one column.
#include "engine/analysis/range_report.h"
#include "tests/support/generated_recording.h"

#include <benchmark/benchmark.h>

#include <array>

namespace interleave {
namespace {

using analysis::ReportBy;
using recording::Recording;
using recording::TrackKind;

const Recording& recordingOf(std::size_t spans) {
    static std::shared_ptr<const Recording> recording;
    static std::size_t made = 0;
    if (made != spans) {
        recording.reset();
        support::GeneratedOptions options;
        options.spans = spans;
        recording = support::generatedRecording(options);
        made = spans;
    }
    return *recording;
}

void unpackDurations(benchmark::State& state) {
    const Recording& recording = recordingOf(static_cast<std::size_t>(state.range(0)));
    std::array<std::int64_t, recording::kBlockValues> values{};
    for (auto each : state) {
        std::int64_t sum = 0;
        for (const recording::Track& track : recording.tracks) {
            const std::size_t size = track.spans.size();
            for (std::size_t i = 0; i < size; i += recording::kBlockValues) {
                const std::size_t n = std::min(recording::kBlockValues, size - i);
                track.spans.duration.packed().unpack(i, n, values.data());
                for (std::size_t k = 0; k < n; ++k) {
                    sum += values[k];
                }
            }
        }
        benchmark::DoNotOptimize(sum);
    }
}

void stateTotals(benchmark::State& state) {
    const Recording& recording = recordingOf(static_cast<std::size_t>(state.range(0)));
    const TimeRange range{recording.range.endNs / 5, recording.range.endNs * 4 / 5};
    for (auto each : state) {
        benchmark::DoNotOptimize(analysis::stateTotals(recording, TrackKind::Task, range));
    }
}

template <ReportBy by>
void report(benchmark::State& state) {
    const Recording& recording = recordingOf(static_cast<std::size_t>(state.range(0)));
    for (auto each : state) {
        benchmark::DoNotOptimize(
            analysis::rangeReport(recording, {recording.range, TrackKind::Task, by}));
    }
}

void atTenMillion(benchmark::internal::Benchmark* benchmark) {
    benchmark->Arg(10'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(unpackDurations)->Apply(atTenMillion);
BENCHMARK(stateTotals)->Apply(atTenMillion);
BENCHMARK(report<ReportBy::State>)->Name("reportByState")->Apply(atTenMillion);
BENCHMARK(report<ReportBy::Task>)->Name("reportByTask")->Apply(atTenMillion);
BENCHMARK(report<ReportBy::Name>)->Name("reportByName")->Apply(atTenMillion);

} // namespace
} // namespace interleave
