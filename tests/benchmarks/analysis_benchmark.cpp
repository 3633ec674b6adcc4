// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about whole recordings, each beside its floor in the same round: unpacking the column
// of durations once, on one core. `ms` and `ratio` are medians. INTERLEAVE_BENCHMARK_SPANS says how
// many spans (default 300 000); the budgets are for 10 000 000.
#include "engine/analysis/range_report.h"
#include "engine/analysis/span_aggregates.h"
#include "engine/analysis/statistics.h"
#include "tests/support/generated_recording.h"

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <sys/resource.h>
#include <vector>

namespace interleave::analysis {
namespace {

using recording::Recording;
using recording::TrackKind;

constexpr int kRounds = 9;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

template <class Action>
double millisecondsOf(Action&& action) {
    const auto begin = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
        .count();
}

const Recording& generated() {
    static const auto recording = [] {
        const char* wish = std::getenv("INTERLEAVE_BENCHMARK_SPANS");
        return support::generatedRecording(
            {.spans = wish != nullptr ? std::strtoull(wish, nullptr, 10) : 300'000});
    }();
    return *recording;
}

void unpackDurations(const Recording& recording) {
    std::array<std::int64_t, recording::kBlockValues> values{};
    for (const recording::Track& track : recording.tracks) {
        for (std::size_t i = 0; i < track.spans.size(); i += values.size()) {
            const std::size_t count = std::min(values.size(), track.spans.size() - i);
            track.spans.duration.packed().unpack(i, count, values.data());
            benchmark::DoNotOptimize(values);
        }
    }
}

template <class Question>
void ask(benchmark::State& state, Question&& question) {
    const Recording& recording = generated();
    std::vector<double> ours, ratios;
    for (auto _ : state) {
        for (int round = 0; round < kRounds; ++round) {
            const double floor = millisecondsOf([&] { unpackDurations(recording); });
            ours.push_back(millisecondsOf([&] { question(recording); }));
            ratios.push_back(ours.back() / floor);
        }
    }
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    state.counters["ms"] = median(ours);
    state.counters["ratio"] = median(ratios);
    state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

void add(const char* name, void (*question)(const Recording&)) {
    benchmark::RegisterBenchmark(name, [question](benchmark::State& state) {
        ask(state, question);
    })->Iterations(1);
}

const bool kIsRegistered = [] {
    add("state_totals", [](const Recording& recording) {
        benchmark::DoNotOptimize(stateTotals(recording, TrackKind::Task, recording.range));
    });
    add("state_totals_of_a_window", [](const Recording& recording) {
        const Nanoseconds third = recording.range.durationNs() / 3;
        benchmark::DoNotOptimize(stateTotals(recording, TrackKind::Task, {third, 2 * third}));
    });
    add("totals_by_name", [](const Recording& recording) {
        benchmark::DoNotOptimize(totalsByName(recording, TrackKind::Task));
    });
    add("totals_by_track", [](const Recording& recording) {
        benchmark::DoNotOptimize(totalsByTrack(recording, TrackKind::Task));
    });
    add("longest_20_spans", [](const Recording& recording) {
        benchmark::DoNotOptimize(longestSpans(recording, TrackKind::Task, 20));
    });
    add("duration_histogram", [](const Recording& recording) {
        benchmark::DoNotOptimize(durationHistogram(recording, TrackKind::Task));
    });
    add("exact_percentiles_by_state", [](const Recording& recording) {
        benchmark::DoNotOptimize(rangeReport(recording, {.range = recording.range}));
    });
    add("all_statistics",
        [](const Recording& recording) { benchmark::DoNotOptimize(statisticsOf(recording)); });
    return true;
}();

} // namespace
} // namespace interleave::analysis
