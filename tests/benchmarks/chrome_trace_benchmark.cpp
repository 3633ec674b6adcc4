// SPDX-License-Identifier: GPL-3.0-or-later
// How fast another program's trace opens, beside its floor: looking for newlines in the same
// mapping (memchr), which touches every byte once and understands none. The trace is that of
// measurements: X events, 64 threads in 2 processes, 200 names, one event a line, 90 bytes each.
// INTERLEAVE_TRACE_EVENTS says how many (default 200 000; 10 000 000 make 900 MB).
#include "engine/chrome_trace/importer.h"
#include "tests/benchmarks/chrome_trace_generator.h"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace interleave::chrome_trace {
namespace {

using Clock = std::chrono::steady_clock;

std::size_t eventCount() {
    const char* wish = std::getenv("INTERLEAVE_TRACE_EVENTS");
    return wish != nullptr ? std::strtoull(wish, nullptr, 10) : 200'000;
}

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// The trace in a file that is gone when the benchmark is.
class TraceFile {
public:
    TraceFile() {
        const char* folder = std::getenv("TMPDIR");
        m_path = std::string(folder != nullptr ? folder : "/tmp") + "/interleave-trace-XXXXXX";
        m_fd = ::mkstemp(m_path.data());
        TraceGenerator generator;
        for (std::size_t left = eventCount(); left != 0 && m_fd >= 0;) {
            const std::size_t count = std::min<std::size_t>(left, 100'000);
            const std::string text = generator.next(count, left == count);
            if (::write(m_fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
                ::close(m_fd);
                m_fd = -1;
            }
            m_bytes += text.size();
            left -= count;
        }
    }
    TraceFile(const TraceFile&) = delete;
    TraceFile& operator=(const TraceFile&) = delete;
    ~TraceFile() {
        ::close(m_fd);
        ::unlink(m_path.c_str());
    }

    bool isWritten() const { return m_fd >= 0; }
    const std::string& path() const { return m_path; }
    std::size_t bytes() const { return m_bytes; }

    /// Seconds that a search for newlines takes, mapping included.
    double scan() const {
        const auto begin = Clock::now();
        void* memory = ::mmap(nullptr, m_bytes, PROT_READ, MAP_PRIVATE, m_fd, 0);
        const char* at = static_cast<const char*>(memory);
        const char* const end = at + m_bytes;
        std::size_t lines = 0;
        while (at < end) {
            const void* found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
            if (found == nullptr) {
                break;
            }
            at = static_cast<const char*>(found) + 1;
            ++lines;
        }
        benchmark::DoNotOptimize(lines);
        ::munmap(memory, m_bytes);
        return secondsSince(begin);
    }

private:
    std::string m_path;
    int m_fd = -1;
    std::size_t m_bytes = 0;
};

std::size_t heapBytes() {
    const struct mallinfo2 info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

double cpuSeconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// A first picture is made too, as the window wants it; `first_ms` is when it was there. `cpu_ms`
/// is of all threads: on a busy machine it says more than `ms`.
void openTrace(benchmark::State& state) {
    const TraceFile file;
    if (!file.isWritten()) {
        state.SkipWithError("the trace could not be written");
        return;
    }
    std::vector<double> opens;
    std::vector<double> scans;
    std::vector<double> firsts;
    std::vector<double> cpus;
    std::vector<double> scanCpus;
    double bytesPerSpan = 0;
    for ([[maybe_unused]] auto _ : state) {
        const double scanBefore = cpuSeconds();
        scans.push_back(file.scan());
        scanCpus.push_back(cpuSeconds() - scanBefore);
        const std::size_t heapBefore = heapBytes();
        const double cpuBefore = cpuSeconds();
        const auto begin = Clock::now();
        ImportOptions options;
        options.firstPicture = [&](const RecordingPtr&) { firsts.push_back(secondsSince(begin)); };
        const auto recording = importTrace(file.path(), options);
        opens.push_back(secondsSince(begin));
        cpus.push_back(cpuSeconds() - cpuBefore);
        state.SetIterationTime(opens.back());
        std::size_t spans = 0;
        for (const recording::Track& track : (*recording)->tracks) {
            spans += track.spans.size();
        }
        bytesPerSpan = static_cast<double>(heapBytes() - heapBefore) / static_cast<double>(spans);
        if (spans != eventCount()) {
            state.SkipWithError("spans were lost");
        }
    }
    const double seconds = median(opens);
    state.counters["ms"] = seconds * 1e3;
    state.counters["cpu_ms"] = median(cpus) * 1e3;
    state.counters["cpu_ratio_to_scan"] = median(cpus) / median(scanCpus);
    state.counters["MB_per_s"] = static_cast<double>(file.bytes()) / seconds / 1e6;
    state.counters["scan_ms"] = median(scans) * 1e3;
    state.counters["ratio_to_scan"] = seconds / median(scans);
    state.counters["heap_bytes_per_span"] = bytesPerSpan;
    if (!firsts.empty()) {
        state.counters["first_ms"] = median(firsts) * 1e3;
    }
}
BENCHMARK(openTrace)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace interleave::chrome_trace
