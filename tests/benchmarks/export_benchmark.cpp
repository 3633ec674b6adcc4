// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings as text: a Chrome trace and the CSV of `spans --csv`, into a file, each beside its
// floor in the same round: writing just as many bytes that are there already. And an export read
// back. `MB_per_s` is the median over the rounds; memory is what the process took at most.
// INTERLEAVE_BENCHMARK_SPANS says how many spans (default 300 000).
#include "engine/analysis/span_csv.h"
#include "engine/chrome_trace/export.h"
#include "engine/chrome_trace/importer.h"
#include "tests/support/generated_recording.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace interleave {
namespace {

using recording::TrackKind;

constexpr int kRounds = 5;

std::size_t spansWanted() {
    const char* wish = std::getenv("INTERLEAVE_BENCHMARK_SPANS");
    return wish != nullptr ? std::strtoull(wish, nullptr, 10) : 300'000;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

template <class Action>
double secondsOf(Action&& action) {
    const auto begin = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// A file that is gone when the benchmark is.
class ScratchFile {
public:
    ScratchFile() {
        m_path = (std::filesystem::temp_directory_path() / "interleave-export-XXXXXX").string();
        m_fd = ::mkstemp(m_path.data());
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile() {
        ::close(m_fd);
        ::unlink(m_path.c_str());
    }
    void clear() {
        if (::ftruncate(m_fd, 0) != 0 || ::lseek(m_fd, 0, SEEK_SET) != 0) {
            std::abort();
        }
    }
    Result<void> write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t count = ::write(m_fd, text.data(), text.size());
            if (count <= 0) {
                return fail("The benchmark's file can't be written; free some space.");
            }
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    }
    const std::string& path() const { return m_path; }

private:
    std::string m_path;
    int m_fd = -1;
};

using Writer = std::function<Result<bool>(const recording::Recording&, const analysis::TextSink&)>;

std::shared_ptr<const recording::Recording> recordingOf(TrackKind kind) {
    return support::generatedRecording({.spans = spansWanted(),
                                        .kind = kind,
                                        .links = spansWanted() / 100,
                                        .marks = spansWanted() / 1000});
}

void write(benchmark::State& state, TrackKind kind, const Writer& writer) {
    const auto recording = recordingOf(kind);
    ScratchFile file;
    std::vector<double> speeds, floors, ratios;
    std::size_t bytes = 0;
    for (auto _ : state) {
        for (int round = 0; round < kRounds; ++round) {
            file.clear();
            bytes = 0;
            std::vector<std::size_t> sizes;
            std::string part;
            const double ours = secondsOf([&] {
                const auto complete = writer(*recording, {.write = [&](std::string_view text) {
                    bytes += text.size();
                    sizes.push_back(text.size());
                    if (part.size() < text.size()) {
                        part = text;
                    }
                    return file.write(text);
                }});
                if (!complete) {
                    state.SkipWithError(complete.error().message.c_str());
                }
            });
            file.clear();
            const double floor = secondsOf([&] {
                for (const std::size_t size : sizes) {
                    static_cast<void>(file.write(std::string_view(part).substr(0, size)));
                }
            });
            speeds.push_back(static_cast<double>(bytes) / ours / 1e6);
            floors.push_back(static_cast<double>(bytes) / floor / 1e6);
            ratios.push_back(ours / floor);
        }
    }
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    state.counters["MB"] = static_cast<double>(bytes) / 1e6;
    state.counters["MB_per_s"] = median(speeds);
    state.counters["floor_MB_per_s"] = median(floors);
    state.counters["ratio"] = median(ratios);
    state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

void traceOfWorkers(benchmark::State& state) {
    write(state, TrackKind::Worker, chrome_trace::exportTrace);
}
BENCHMARK(traceOfWorkers)->Name("chrome_trace_of_workers_vs_write")->Iterations(1);

void traceOfTasks(benchmark::State& state) {
    write(state, TrackKind::Task, chrome_trace::exportTrace);
}
BENCHMARK(traceOfTasks)->Name("chrome_trace_of_tasks_vs_write")->Iterations(1);

void csv(benchmark::State& state) {
    write(state, TrackKind::Task,
          [](const recording::Recording& recording, const analysis::TextSink& sink) {
              return analysis::writeSpanCsv(recording, std::nullopt, sink);
          });
}
BENCHMARK(csv)->Name("span_csv_vs_write")->Iterations(1);

void readBack(benchmark::State& state) {
    const auto recording = recordingOf(TrackKind::Worker);
    ScratchFile file;
    std::size_t bytes = 0;
    static_cast<void>(chrome_trace::exportTrace(*recording, {.write = [&](std::string_view text) {
        bytes += text.size();
        return file.write(text);
    }}));
    std::vector<double> seconds;
    for (auto _ : state) {
        for (int round = 0; round < kRounds; ++round) {
            seconds.push_back(secondsOf([&] {
                if (!chrome_trace::importTrace(file.path())) {
                    state.SkipWithError("the export can't be read");
                }
            }));
        }
    }
    state.counters["seconds"] = median(seconds);
    state.counters["MB_per_s"] = static_cast<double>(bytes) / median(seconds) / 1e6;
    state.counters["spans_per_s"] = static_cast<double>(spansWanted()) / median(seconds);
}
BENCHMARK(readBack)->Name("chrome_trace_read_back")->Iterations(1);

} // namespace
} // namespace interleave
