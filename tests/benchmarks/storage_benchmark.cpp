// SPDX-License-Identifier: GPL-3.0-or-later
// What .ilv files cost: opening one and its first totals, checking every byte, writing. Each beside
// its floor, measured in turn with it: reading, summing, or writing the same bytes and nothing
// else. `ratio` is the median over all rounds of our time divided by the floor's. The recording has
// ten million spans, or as many as INTERLEAVE_BENCHMARK_SPANS says.
#include "engine/recording/recording_builder.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/file_bytes.h"
#include "engine/storage/recording_file.h"
#include "tests/support/generated_recording.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <numeric>
#include <unistd.h>
#include <vector>

namespace interleave::storage {
namespace {

constexpr int kRounds = 9;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Milliseconds of the action.
template <class Action>
double timeOf(Action&& action) {
    const auto begin = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
        .count();
}

std::size_t spansWanted() {
    const char* text = std::getenv("INTERLEAVE_BENCHMARK_SPANS");
    return text != nullptr ? std::strtoull(text, nullptr, 10) : 10'000'000;
}

/// A folder with a recording's file, gone with the program.
class SavedRecording {
public:
    explicit SavedRecording(std::shared_ptr<const recording::Recording> made)
        : recording(std::move(made)) {
        std::string name =
            (std::filesystem::temp_directory_path() / "interleave-benchmark-XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
        file = m_folder / "saved.ilv";
        if (const auto written = writeRecording(*recording, file); !written) {
            fmt::print(stderr, "{}\n", written.error().message);
            std::exit(1);
        }
        bytes = std::filesystem::file_size(file);
    }
    SavedRecording(const SavedRecording&) = delete;
    SavedRecording& operator=(const SavedRecording&) = delete;
    ~SavedRecording() { std::filesystem::remove_all(m_folder); }

    std::size_t spans() const {
        return std::transform_reduce(recording->tracks.begin(), recording->tracks.end(),
                                     std::size_t{0}, std::plus<>{},
                                     [](const auto& track) { return track.spans.size(); });
    }

    std::shared_ptr<const recording::Recording> recording;
    std::filesystem::path file;
    std::uintmax_t bytes = 0;

private:
    std::filesystem::path m_folder;
};

const SavedRecording& generated() {
    static const SavedRecording saved(
        support::generatedRecording({.spans = spansWanted(), .tracks = 64}));
    return saved;
}

/// A million tasks with names of their own, a million links.
const SavedRecording& manyNames() {
    static const SavedRecording saved([] {
        recording::RecordingBuilder builder;
        constexpr std::uint32_t kTasks = 1'000'000;
        for (std::uint32_t i = 0; i < kTasks; ++i) {
            const TaskId task = builder.addTask(
                {.name = fmt::format("dish number {}", i), .group = "dish", .end = State::Done});
            const Nanoseconds at = 1000 * static_cast<Nanoseconds>(i);
            builder.addTaskSpan({.range = {at, at + 700}, .state = State::Running, .task = task});
            builder.addLink({.kind = recording::LinkKind::Spawn,
                             .from = {at, task, {}},
                             .to = {at + 300, TaskId{1 + i / 2}, {}}});
            builder.intern(fmt::format("a text of its own, {}", i));
        }
        return builder.finish();
    }());
    return saved;
}

void openAndSum(const std::filesystem::path& file) {
    const auto read = readRecording(file);
    recording::StateTimes sums{};
    for (const recording::Track& track : (*read)->tracks) {
        const auto times = track.spans.timesIn((*read)->range);
        std::transform(sums.begin(), sums.end(), times.begin(), sums.begin(), std::plus<>{});
    }
    benchmark::DoNotOptimize(sums);
}

void readWhole(const std::filesystem::path& file) {
    const auto text = readFile(file);
    benchmark::DoNotOptimize(text->data());
}

/// The least anybody who looks at every byte can do, on one core.
void sumMapped(const std::filesystem::path& file) {
    const auto mapped = openFileBytes(file, 1);
    const std::span words(reinterpret_cast<const std::uint64_t*>(mapped->bytes.data()),
                          mapped->bytes.size() / sizeof(std::uint64_t));
    benchmark::DoNotOptimize(std::accumulate(words.begin(), words.end(), std::uint64_t{0}));
}

template <class Action, class Floor>
void compare(benchmark::State& state, const SavedRecording& saved, Action&& action, Floor&& floor) {
    std::vector<double> own;
    std::vector<double> least;
    std::vector<double> ratios;
    for (auto _ : state) {
        for (int round = 0; round < kRounds; ++round) {
            least.push_back(timeOf(floor));
            own.push_back(timeOf(action));
            ratios.push_back(own.back() / least.back());
        }
    }
    state.counters["ms"] = median(own);
    state.counters["worst_ms"] = *std::max_element(own.begin(), own.end());
    state.counters["floor_ms"] = median(least);
    state.counters["ratio"] = median(ratios);
    state.counters["MB/s"] = static_cast<double>(saved.bytes) / 1e3 / median(own);
    state.counters["bytes/span"] =
        static_cast<double>(saved.bytes) / static_cast<double>(saved.spans());
}

void openLarge(benchmark::State& state) {
    const SavedRecording& saved = generated();
    compare(
        state, saved, [&] { openAndSum(saved.file); }, [&] { readWhole(saved.file); });
}
BENCHMARK(openLarge)->Iterations(1)->Unit(benchmark::kMillisecond);

void verifyLarge(benchmark::State& state) {
    const SavedRecording& saved = generated();
    compare(
        state, saved, [&] { benchmark::DoNotOptimize(verifyRecording(saved.file)); },
        [&] { sumMapped(saved.file); });
}
BENCHMARK(verifyLarge)->Iterations(1)->Unit(benchmark::kMillisecond);

void writeLarge(benchmark::State& state) {
    const SavedRecording& saved = generated();
    const std::filesystem::path copy = saved.file.string() + ".copy";
    const std::string bytes = readFile(saved.file).value_or("");
    compare(
        state, saved, [&] { benchmark::DoNotOptimize(writeRecording(*saved.recording, copy)); },
        [&] { benchmark::DoNotOptimize(writeFileAtomically(copy, bytes)); });
    std::filesystem::remove(copy);
}
BENCHMARK(writeLarge)->Iterations(1)->Unit(benchmark::kMillisecond);

/// Tracks of which most are short, and links, which are unpacked when a file is opened.
const SavedRecording& manyTracksAndLinks() {
    static const SavedRecording saved(support::generatedRecording(
        {.spans = spansWanted(), .tracks = 5000, .links = spansWanted() / 10}));
    return saved;
}

void openManyTracksAndLinks(benchmark::State& state) {
    const SavedRecording& saved = manyTracksAndLinks();
    compare(
        state, saved, [&] { openAndSum(saved.file); }, [&] { readWhole(saved.file); });
}
BENCHMARK(openManyTracksAndLinks)->Iterations(1)->Unit(benchmark::kMillisecond);

void openManyNames(benchmark::State& state) {
    const SavedRecording& saved = manyNames();
    compare(
        state, saved, [&] { openAndSum(saved.file); }, [&] { readWhole(saved.file); });
}
BENCHMARK(openManyNames)->Iterations(1)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace interleave::storage
