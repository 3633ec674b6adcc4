// SPDX-License-Identifier: GPL-3.0-or-later
// What recording costs. Each benchmark measures the recorder and its floor in turn, in slices of a
// fraction of a millisecond, so that both meet the same machine; the counter `ratio` is the median
// over all rounds of the recorder's time divided by the floor's. Sessions lie in populated memory.
#include "engine/record/observer.h"
#include "engine/record/session.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sched.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace interleave::record {
namespace {

constexpr int kPairs = 10'000; // of one slice: 320 kB of events
constexpr int kSlices = 10;    // of one round

/// A session in memory, and its end.
class MemorySession {
public:
    explicit MemorySession(bool isEnabled = true) {
        const auto parent = std::filesystem::exists("/dev/shm")
                                ? std::filesystem::path("/dev/shm")
                                : std::filesystem::temp_directory_path();
        std::string name = (parent / "interleave-benchmark-XXXXXX").string();
        m_folder = mkdtemp(name.data());
        SessionOptions options;
        options.populatedBytes = std::size_t{16} << 20;
        options.isEnabled = isEnabled;
        auto created = SessionWriter::create(m_folder, options);
        if (created) {
            m_session.emplace(std::move(*created));
        }
    }
    MemorySession(const MemorySession&) = delete;
    MemorySession& operator=(const MemorySession&) = delete;
    ~MemorySession() { std::filesystem::remove_all(m_folder); }

    explicit operator bool() const { return m_session.has_value(); }
    SessionWriter& operator*() { return *m_session; }
    Writer openStream() {
        return m_session->openStream({StreamRole::Sampler, ClockKind::Tsc, "benchmark"});
    }

private:
    std::filesystem::path m_folder;
    std::optional<SessionWriter> m_session;
};

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// ns of the action.
template <class Action>
double timeOf(Action action) {
    const std::int64_t begin = monotonicNow();
    action();
    return static_cast<double>(monotonicNow() - begin);
}

ClockKind machineClock() {
    static const ClockKind kind = Clock::start().kind;
    return kind;
}

void readClock(int times) {
    const ClockKind clock = machineClock();
    for (int i = 0; i < times; ++i) {
        benchmark::DoNotOptimize(readTicks(clock));
    }
}

void recordPairs(Writer& writer, int pairs) {
    for (int i = 0; i < pairs; ++i) {
        const TaskId task{static_cast<std::uint32_t>(i) + 1};
        writer.state(task, State::Running);
        benchmark::ClobberMemory(); // the task's own work stands here
        writer.state(task, State::Done);
    }
}

void recordBackToBack(Writer& writer, int tasks) {
    for (int i = 0; i < tasks; ++i) {
        const TaskId task{static_cast<std::uint32_t>(i) + 1};
        const std::uint64_t stamp = writer.now();
        writer.stateAt(stamp, task, State::Done);
        writer.stateAt(stamp, TaskId{task.value + 1}, State::Running);
    }
}

/// Rounds of floor and recorder in turn. `cost` and `floor` are ns per item.
template <class Recorder, class Floor>
void compare(benchmark::State& state, int items, Recorder recorder, Floor floor) {
    std::vector<double> ratios, costs, floors;
    for (auto _ : state) {
        MemorySession session;
        if (!session) {
            state.SkipWithError("no session could be made");
            return;
        }
        Writer writer = session.openStream();
        double total = 0;
        for (int slice = 0; slice < kSlices; ++slice) {
            const double floorNs = timeOf([&] { floor(items); });
            const double ns = timeOf([&] { recorder(writer, items); });
            total += ns;
            ratios.push_back(ns / floorNs);
            costs.push_back(ns / items);
            floors.push_back(floorNs / items);
        }
        state.SetIterationTime(total * 1e-9);
    }
    state.counters["ratio"] = median(ratios);
    state.counters["ns"] = median(costs);
    state.counters["floor_ns"] = median(floors);
}

void beginAndEnd(benchmark::State& state) {
    compare(state, kPairs, recordPairs, [](int pairs) { readClock(2 * pairs); });
}
BENCHMARK(beginAndEnd)->Name("begin_and_end_vs_two_clock_reads")->UseManualTime();

void backToBack(benchmark::State& state) {
    compare(state, kPairs, recordBackToBack, readClock);
}
BENCHMARK(backToBack)->Name("back_to_back_tasks_vs_one_clock_read")->UseManualTime();

void switchedOff(benchmark::State& state) {
    std::atomic<bool> flag = false;
    Writer off;
    compare(
        state, 100 * kPairs,
        [&](Writer&, int points) {
            for (int i = 0; i < points; ++i) {
                off.emit(EventKind::Level, 1, static_cast<std::uint32_t>(i));
                benchmark::ClobberMemory();
            }
        },
        [&](int points) {
            for (int i = 0; i < points; ++i) {
                benchmark::DoNotOptimize(flag.load(std::memory_order_relaxed));
                benchmark::ClobberMemory();
            }
        });
}
BENCHMARK(switchedOff)->Name("switched_off_vs_one_relaxed_load")->UseManualTime();

void twoThreads(benchmark::State& state) {
    std::vector<double> ratios, alone, together;
    for (auto _ : state) {
        MemorySession session;
        if (!session) {
            state.SkipWithError("no session could be made");
            return;
        }
        std::barrier both(2);
        std::vector<double> soloNs, otherNs[2];
        const auto play = [&](int me) {
            Writer writer = session.openStream();
            for (int slice = 0; slice < kSlices; ++slice) {
                // The first alone, then both at once; the second waits meanwhile.
                if (me == 0) {
                    soloNs.push_back(timeOf([&] { recordPairs(writer, kPairs); }));
                }
                both.arrive_and_wait();
                otherNs[me].push_back(timeOf([&] { recordPairs(writer, kPairs); }));
                both.arrive_and_wait();
            }
        };
        const double total = timeOf([&] {
            std::jthread first(play, 0);
            std::jthread second(play, 1);
        });
        for (std::size_t i = 0; i < soloNs.size(); ++i) {
            const double pair = (otherNs[0][i] + otherNs[1][i]) / 2;
            ratios.push_back(pair / soloNs[i]);
            alone.push_back(soloNs[i] / kPairs);
            together.push_back(pair / kPairs);
        }
        state.SetIterationTime(total * 1e-9);
    }
    state.counters["ratio"] = median(ratios);
    state.counters["ns"] = median(together);
    state.counters["floor_ns"] = median(alone);
}
BENCHMARK(twoThreads)->Name("two_threads_at_once_vs_one")->UseManualTime();

/// ns of one hand-over between two threads on one core.
double handOver() {
    constexpr int rounds = 5'000;
    std::atomic<int> turn = 0;
    const auto play = [&turn](int me) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(0, &one);
        sched_setaffinity(0, sizeof one, &one);
        for (int i = 0; i < rounds; ++i) {
            for (int now = turn; now != me; now = turn) {
                turn.wait(now);
            }
            turn = 1 - me;
            turn.notify_one();
        }
    };
    const double ns = timeOf([&] {
        std::jthread first(play, 0);
        std::jthread second(play, 1);
    });
    return ns / (2 * rounds);
}

void kernelSwitches(benchmark::State& state) {
    std::vector<double> ratios, observed, plain;
    for (auto _ : state) {
        MemorySession session;
        const double plainNs = handOver();
        double observedNs = 0;
        {
            auto observer = Observer::start(*session);
            if (!observer || observer->kind() != "switches") {
                state.SkipWithError("the kernel refuses context switches here");
                return;
            }
            observedNs = handOver();
        }
        ratios.push_back(observedNs / plainNs);
        observed.push_back(observedNs);
        plain.push_back(plainNs);
        state.SetIterationTime(observedNs * 1e-9);
    }
    state.counters["ratio"] = median(ratios);
    state.counters["ns"] = median(observed);
    state.counters["floor_ns"] = median(plain);
    state.counters["extra_ns"] = median(observed) - median(plain);
}
BENCHMARK(kernelSwitches)->Name("hand_over_observed_vs_not")->UseManualTime()->Iterations(10);

void samplerTick(benchmark::State& state) {
    std::vector<std::jthread> threads;
    std::atomic<bool> end = false;
    MemorySession session;
    if (!session) {
        state.SkipWithError("no session could be made");
        return;
    }
    ObserverOptions options;
    options.forceFallback = true;
    auto observer = Observer::start(*session, options);
    for (int i = 0; i < 64; ++i) {
        threads.emplace_back([&end] { end.wait(false); });
    }
    // The process does nothing but observe: its CPU time is the sampler's.
    std::vector<double> shares;
    for (auto _ : state) {
        timespec before{}, after{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        const double wall = timeOf([] { usleep(200'000); });
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        const double cpu = static_cast<double>(after.tv_sec - before.tv_sec) * 1e9 +
                           static_cast<double>(after.tv_nsec - before.tv_nsec);
        shares.push_back(cpu / wall);
        state.SetIterationTime(cpu * 1e-9);
    }
    end = true;
    end.notify_all();
    state.counters["share_of_core"] = median(shares);
}
BENCHMARK(samplerTick)->Name("fallback_sampler_of_64_threads")->UseManualTime()->Iterations(5);

} // namespace
} // namespace interleave::record
