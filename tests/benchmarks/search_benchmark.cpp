// SPDX-License-Identifier: GPL-3.0-or-later
// Searching all spans, by all processors, beside the floor: reading the states of all of them, by
// one. And the links of one span among a million. Budget: 0.3 s for ten million spans. The sizes
// are spans in millions: INTERLEAVE_SEARCH_MILLIONS, else 1; ten by hand.
#include "engine/analysis/link_index.h"
#include "engine/analysis/span_search.h"
#include "tests/support/generated_recording.h"

#include <benchmark/benchmark.h>

#include <cstdlib>

namespace {

using namespace interleave;

const std::shared_ptr<const recording::Recording>& spans() {
    static const auto recording = [] {
        support::GeneratedOptions options;
        const char* millions = std::getenv("INTERLEAVE_SEARCH_MILLIONS");
        options.spans =
            1'000'000 * (millions == nullptr ? 1 : std::strtoull(millions, nullptr, 10));
        options.links = 1'000'000;
        return support::generatedRecording(options);
    }();
    return recording;
}

analysis::SearchScope everywhere() {
    analysis::SearchScope scope;
    scope.densityRange = spans()->range;
    for (const recording::Track& track : spans()->tracks) {
        scope.tracks.push_back(track.id);
    }
    return scope;
}

void readingEveryState(benchmark::State& state) {
    for (auto _ : state) {
        std::uint64_t sum = 0;
        for (const recording::Track& track : spans()->tracks) {
            for (std::size_t i = 0; i < track.spans.size(); ++i) {
                sum += static_cast<std::uint64_t>(track.spans.state[i]);
            }
        }
        benchmark::DoNotOptimize(sum);
    }
}

/// A rare state; a state of very many; a name; nothing at all; words that all columns are read for.
constexpr const char* kTexts[] = {"waiting_lock", "running", "name:1", "unicorn", "e 1 >1us"};

void searching(benchmark::State& state) {
    const char* text = kTexts[state.range(0)];
    const analysis::SearchScope scope = everywhere();
    std::uint64_t count = 0;
    for (auto _ : state) {
        const analysis::SpanMatcher matcher(*spans(), analysis::spanQueryFrom(text).value());
        count = analysis::findSpans(*spans(), matcher, scope).count;
    }
    state.SetLabel(std::string(text) + ": " + std::to_string(count) + " hits");
}

void indexingTheLinks(benchmark::State& state) {
    for (auto _ : state) {
        const analysis::LinkIndex index(spans());
        benchmark::DoNotOptimize(index.recording());
    }
}

void linksOfASpan(benchmark::State& state) {
    const analysis::LinkIndex index(spans());
    std::uint32_t next = 0;
    for (auto _ : state) {
        const recording::Link& link = index.link(next);
        next = (next + 7919) % static_cast<std::uint32_t>(spans()->links.size());
        const TimeRange range{link.from.timeNs - 1000, link.from.timeNs + 1000};
        benchmark::DoNotOptimize(index.leaving(link.from.task, range).size() +
                                 index.reaching(link.from.task, range).size());
    }
}

BENCHMARK(readingEveryState)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(searching)->DenseRange(0, 4)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(indexingTheLinks)->Unit(benchmark::kMillisecond);
BENCHMARK(linksOfASpan)->Unit(benchmark::kNanosecond);

} // namespace
