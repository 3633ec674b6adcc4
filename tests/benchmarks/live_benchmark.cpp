// SPDX-License-Identifier: GPL-3.0-or-later
// A run of 500 000 events a second, watched: what a snapshot costs as the run grows, beside
// assembling everything anew, which is what it would cost without keeping what is settled.
#include "engine/collector/assemble.h"
#include "engine/collector/live_recording.h"
#include "tests/support/kitchen_run.h"

#include <benchmark/benchmark.h>

#include <algorithm>

namespace {

using namespace interleave;

constexpr std::size_t kEventsPerSnapshot = 50'000; // ten snapshots a second

/// All events by time, cut into what a snapshot gets.
std::vector<Nanoseconds> cutsOf(const support::KitchenRun& run) {
    std::vector<Nanoseconds> times;
    for (const collector::StreamEvents& stream : run.streams()) {
        for (const collector::TimedEvent& event : stream.events) {
            times.push_back(event.ns);
        }
    }
    std::ranges::sort(times);
    std::vector<Nanoseconds> cuts;
    for (std::size_t i = kEventsPerSnapshot; i < times.size(); i += kEventsPerSnapshot) {
        cuts.push_back(times[i]);
    }
    return cuts;
}

void snapshots(benchmark::State& state) {
    const auto tasks = static_cast<std::size_t>(state.range(2));
    const support::KitchenRun run(tasks, static_cast<int>(120'000 / tasks));
    const std::vector<Nanoseconds> cuts = cutsOf(run);
    const auto count = std::min(cuts.size(), static_cast<std::size_t>(state.range(0)));
    const bool keepsSettled = state.range(1) != 0;
    for (auto _ : state) {
        state.PauseTiming();
        collector::LiveRecording live(run.manifest());
        std::vector<collector::StreamEvents> sofar = run.streams();
        std::vector<std::size_t> fed(sofar.size(), 0);
        for (collector::StreamEvents& stream : sofar) {
            stream.events.clear();
        }
        for (std::size_t i = 0; i < count; ++i) {
            for (std::uint32_t s = 0; s < sofar.size(); ++s) {
                const auto& all = run.streams()[s].events;
                collector::StreamEvents news = run.streams()[s];
                news.events.clear();
                for (; fed[s] < all.size() && all[fed[s]].ns <= cuts[i]; ++fed[s]) {
                    news.events.push_back(all[fed[s]]);
                }
                sofar[s].events.insert(sofar[s].events.end(), news.events.begin(),
                                       news.events.end());
                live.add({0, s}, news);
            }
            if (keepsSettled && i + 1 < count) {
                benchmark::DoNotOptimize(live.snapshot({.isLive = true}));
            }
        }
        state.ResumeTiming();
        // Only the last one is measured: it has the most behind it.
        if (keepsSettled) {
            benchmark::DoNotOptimize(live.snapshot({.isLive = true}));
        } else {
            benchmark::DoNotOptimize(collector::assemble(run.manifest(), sofar, {.isLive = true}));
        }
    }
    state.counters["events so far"] = static_cast<double>(count * kEventsPerSnapshot);
}

BENCHMARK(snapshots)
    ->ArgNames({"snapshots", "keeps_settled", "tasks"})
    ->ArgsProduct({{4, 20}, {1, 0}, {1000, 120'000}})
    ->Unit(benchmark::kMillisecond);

} // namespace
