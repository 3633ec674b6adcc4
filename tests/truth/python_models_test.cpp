// SPDX-License-Identifier: GPL-3.0-or-later
// The models that a real interpreter executes: the emulated interpreter lock against CPython's own
// on the same scenarios, and what each of Python's means does with cores and waits. How close the
// two locks are on a quiet machine is in README; the bounds here leave room for a busy one.
#include "tests/truth/program_run.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <ranges>
#include <set>

namespace interleave::truth {
namespace {

MeasuredRun measurePython(const std::string& scenario, const std::string& model,
                          std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--set", "python=" + kPython});
    return measure(scenario, model, more);
}

std::vector<SpanRow> taskSpans(const MeasuredRun& run, const std::string& state = "") {
    return run.select([&](const SpanRow& span) {
        return span.trackKind == "task" && (state.empty() || span.state == state);
    });
}

double secondsOf(const std::vector<SpanRow>& spans) {
    double ns = 0;
    for (const SpanRow& span : spans) {
        ns += static_cast<double>(span.durationNs());
    }
    return ns * 1e-9;
}

/// A task's waits to go on: stretches without the lock or without a core, of which the lock is one
/// reason at least. In ms, with the states that stand before them.
struct Wait {
    std::string after;
    double ms = 0;
    std::int64_t beginNs = 0;
};

std::vector<Wait> waitsOf(const MeasuredRun& run) {
    std::map<std::string, std::vector<SpanRow>> byTask;
    for (const SpanRow& span : taskSpans(run)) {
        byTask[span.track].push_back(span);
    }
    std::vector<Wait> waits;
    for (auto& [task, spans] : byTask) {
        std::ranges::sort(spans, {}, &SpanRow::beginNs);
        Wait wait;
        bool isForLock = false;
        for (const SpanRow& span : spans) {
            if (span.state == "waiting_gil" || span.state == "ready") {
                wait.ms += static_cast<double>(span.durationNs()) * 1e-6;
                isForLock |= span.state == "waiting_gil";
                continue;
            }
            if (isForLock) {
                waits.push_back(wait);
            }
            wait = {span.state, 0, span.endNs};
            isForLock = false;
        }
    }
    return waits;
}

struct Stretch {
    std::int64_t beginNs = 0;
    std::int64_t endNs = 0;

    bool contains(std::int64_t ns) const { return beginNs <= ns && ns < endNs; }
};

/// From the moment when every worker has a task until the first has no more. Before, CPython's pool
/// grows at a pace that its lock sets (a thread that starts another one waits until that one has
/// had the lock); a comparison of locks must not depend on the length of that.
Stretch timeOfAllWorkers(const MeasuredRun& run) {
    std::map<std::string, Stretch> byWorker;
    for (const SpanRow& span : taskSpans(run, "running")) {
        Stretch& range = byWorker.try_emplace(span.worker, span.beginNs, span.endNs).first->second;
        range.beginNs = std::min(range.beginNs, span.beginNs);
        range.endNs = std::max(range.endNs, span.endNs);
    }
    const auto ranges = byWorker | std::views::values;
    return {std::ranges::max(ranges, {}, &Stretch::beginNs).beginNs,
            std::ranges::min(ranges, {}, &Stretch::endNs).endNs};
}

/// How CPU-bound threads share the lock while all of them want it, in some runs together.
class Sharing {
public:
    void add(const MeasuredRun& run) {
        const Stretch time = timeOfAllWorkers(run);
        if (time.endNs <= time.beginNs) {
            return; // the last worker came when the first had gone
        }
        for (const Wait& wait : waitsOf(run)) {
            if (time.contains(wait.beginNs)) {
                m_waitsMs.push_back(wait.ms);
            }
        }
        auto holds = run.select(
            [](const SpanRow& span) { return span.trackKind == "lock" && span.track == "GIL"; });
        std::ranges::sort(holds, {}, &SpanRow::beginNs);
        for (std::size_t i = 0; i + 1 < holds.size(); ++i) {
            if (time.contains(holds[i + 1].beginNs) && holds[i + 1].cause == "forced" &&
                holds[i + 1].worker != holds[i].worker) {
                m_holdsMs.push_back(static_cast<double>(holds[i].durationNs()) * 1e-6);
            }
        }
        for (SpanRow span : taskSpans(run)) {
            span.beginNs = std::max(span.beginNs, time.beginNs);
            span.endNs = std::min(span.endNs, time.endNs);
            const double seconds =
                static_cast<double>(std::max<std::int64_t>(span.durationNs(), 0)) * 1e-9;
            m_computing += span.state == "running" ? seconds : 0;
            m_waiting += span.state == "waiting_gil" || span.state == "ready" ? seconds : 0;
        }
        m_length += static_cast<double>(time.endNs - time.beginNs) * 1e-9;
    }

    /// The share of the time in which one computes.
    double rate() const { return m_computing / m_length; }
    /// Median wait to go on.
    double wakeUpMs() const { return median(m_waitsMs); }
    /// Median hold that a waiter had to ask for the end of, and how many there were.
    double holdMs() const { return median(m_holdsMs); }
    double forcedPerSecond() const { return static_cast<double>(m_holdsMs.size()) / m_length; }
    /// The share of waiting in the tasks' time.
    double waitShare() const { return m_waiting / (m_waiting + m_computing); }

private:
    std::vector<double> m_waitsMs;
    std::vector<double> m_holdsMs;
    double m_computing = 0;
    double m_waiting = 0;
    double m_length = 0;
};

bool isWithin(double share, double a, double b) {
    return std::abs(a - b) <= share * std::max(std::abs(a), std::abs(b));
}

class EmulatedLocks : public testing::TestWithParam<int> {};

TEST_P(EmulatedLocks, SharesAsTheRealOneDoes) {
    expectWithinThreeTries([] {
        const std::vector<std::string> workers{"--workers", std::to_string(GetParam())};
        constexpr int kRuns = 3; // one has too few waits for a median
        Sharing ours;
        Sharing real;
        for (int i = 0; i < kRuns; ++i) {
            ours.add(measure("sum-of-squares", "gil-threads", workers));
            real.add(measurePython("sum-of-squares", "python-threads", workers));
        }
        // More than two take turns in whole intervals: the median is one of 15, 20, 25...
        const double wakeUpBound = GetParam() == 2 ? 0.1 : 0.35;
        const bool isClose = isWithin(0.05, ours.rate(), real.rate()) &&
                             isWithin(wakeUpBound, ours.wakeUpMs(), real.wakeUpMs()) &&
                             isWithin(0.25, ours.holdMs(), real.holdMs()) &&
                             isWithin(0.25, ours.forcedPerSecond(), real.forcedPerSecond()) &&
                             isWithin(0.25, ours.waitShare(), real.waitShare());
        const std::string figures = fmt::format(
            "rate {:.3f} and {:.3f} (real), wake-up {:.2f} and {:.2f} ms, hold {:.2f} and {:.2f} "
            "ms, hand-overs {:.0f} and {:.0f} a second, waiting {:.2f} and {:.2f}",
            ours.rate(), real.rate(), ours.wakeUpMs(), real.wakeUpMs(), ours.holdMs(),
            real.holdMs(), ours.forcedPerSecond(), real.forcedPerSecond(), ours.waitShare(),
            real.waitShare());
        fmt::print("{} threads: {}\n", GetParam(), figures);
        return isClose ? "" : figures;
    });
}

/// Median wait of the one that makes requests; those that found the lock free are none.
double convoyWaitMs(const MeasuredRun& run) {
    std::vector<double> waits;
    for (const Wait& wait : waitsOf(run)) {
        if (wait.after == "waiting_io" && wait.ms > 1) {
            waits.push_back(wait.ms);
        }
    }
    return waits.size() < 20 ? 0 : median(waits);
}

TEST(EmulatedLock, MakesTheConvoyThatTheRealOneMakes) {
    expectWithinThreeTries([] {
        const double ours = convoyWaitMs(measure("convoy", "gil-threads"));
        const double real = convoyWaitMs(measurePython("convoy", "python-threads"));
        const std::string figures =
            fmt::format("median wait after an answer {:.2f} and {:.2f} ms (real)", ours, real);
        fmt::print("{}\n", figures);
        return ours > 0 && real > 0 && isWithin(0.2, ours, real) ? "" : figures;
    });
}

INSTANTIATE_TEST_SUITE_P(Threads, EmulatedLocks, testing::Values(2, 4, 8));

TEST(PythonModels, InterpreterLockIsNeverHeldByTwoThreads) {
    const MeasuredRun run = measurePython("mixed", "python-threads");
    auto holds = run.select(
        [](const SpanRow& span) { return span.trackKind == "lock" && span.track == "GIL"; });
    std::ranges::sort(holds, {}, &SpanRow::beginNs);
    ASSERT_GT(holds.size(), 10u);
    for (std::size_t i = 1; i < holds.size(); ++i) {
        EXPECT_LE(holds[i - 1].endNs, holds[i].beginNs) << "hold " << i;
    }
}

/// Share of the time in which some task is running during which two are.
double overlapOf(const MeasuredRun& run) {
    std::map<std::int64_t, int> steps;
    for (const SpanRow& span : taskSpans(run, "running")) {
        ++steps[span.beginNs];
        --steps[span.endNs];
    }
    double one = 0;
    double two = 0;
    int level = 0;
    std::int64_t since = 0;
    for (const auto& [ns, change] : steps) {
        one += level >= 1 ? static_cast<double>(ns - since) : 0;
        two += level >= 2 ? static_cast<double>(ns - since) : 0;
        level += change;
        since = ns;
    }
    return two / std::max(one, 1.0);
}

TEST(PythonModels, ProcessesUseTwoCoresAndThreadsOne) {
    expectWithinThreeTries([] {
        // What two cores have to give while others use them, too, our own processes tell.
        const double possible = overlapOf(measure("two-burners", "processes"));
        const double processes = overlapOf(measurePython("two-burners", "python-processes"));
        const double threads = overlapOf(measurePython("two-burners", "python-threads"));
        return processes > 0.4 * possible && processes > 10 * threads && threads < 0.05
                   ? ""
                   : fmt::format("two at once in {:.3f} of the time with processes, {:.3f} with "
                                 "threads, {:.3f} with native processes",
                                 processes, threads, possible);
    });
}

std::set<std::string> workersOf(const MeasuredRun& run, const std::string& state) {
    std::set<std::string> workers;
    for (const SpanRow& span : taskSpans(run, state)) {
        workers.insert(span.worker);
    }
    return workers;
}

TEST(PythonModels, AsyncioWaitsForManyAnswersAtOnceInOneThread) {
    expectWithinThreeTries([] {
        const MeasuredRun loop = measurePython("download-sites", "python-asyncio");
        EXPECT_EQ(workersOf(loop, "running"), std::set<std::string>{"event loop"});
        const double waited = secondsOf(taskSpans(loop, "waiting_io"));
        const double makespan = loop.makespan();
        return waited > 3 * makespan
                   ? ""
                   : fmt::format("{:.3f} s of waiting in {:.3f} s", waited, makespan);
    });
}

TEST(PythonModels, AsyncioHandsComputingToThreads) {
    const MeasuredRun run = measurePython("sum-of-squares", "python-asyncio+threads");
    const auto workers = workersOf(run, "running");
    EXPECT_TRUE(workers.contains("pool worker 1") && workers.contains("pool worker 2"));
    EXPECT_LT(overlapOf(run), 0.05) << "one interpreter lock for all";
    EXPECT_EQ(run.stats.at("tasks").at("done"), run.stats.at("tasks").at("total"));
}

TEST(PythonModels, PayloadsArePickledAndSent) {
    const MeasuredRun run = measurePython("big-payload", "python-processes");
    EXPECT_GT(secondsOf(taskSpans(run, "transfer")), 0);
}

ProgramResult runWith(const std::string& python) {
    return runProgram({"run", std::string(SCENARIOS) + "/one-lock.toml", "--model",
                       "python-threads", "--set", "python=" + python});
}

TEST(PythonModels, AMissingInterpreterIsNamedWithWhatToInstall) {
    const ProgramResult result = runWith("/nonexistent/python3");
    EXPECT_EQ(result.exitCode, 3);
    EXPECT_NE(result.err.find("/nonexistent/python3"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("apt-get install python3"), std::string::npos) << result.err;
}

TEST(PythonModels, AProgramThatIsNoPythonIsSaidToBeNone) {
    for (const char* program : {"/bin/true", "/bin/cat"}) {
        const ProgramResult result = runWith(program);
        EXPECT_EQ(result.exitCode, 3) << program;
        EXPECT_NE(result.err.find("is no Python"), std::string::npos) << result.err;
    }
}

/// The variable as it was, at the end of the scope.
class WithoutPath {
public:
    WithoutPath() {
        const char* path = std::getenv("PATH");
        m_path = path == nullptr ? "" : path;
        ::setenv("PATH", "/nonexistent", 1);
    }
    WithoutPath(const WithoutPath&) = delete;
    WithoutPath& operator=(const WithoutPath&) = delete;
    ~WithoutPath() { ::setenv("PATH", m_path.c_str(), 1); }

private:
    std::string m_path;
};

TEST(PythonModels, AreLeftOutOfAllWhereThereIsNoPython) {
    const WithoutPath none;
    const ProgramResult result =
        runProgram({"run", std::string(SCENARIOS) + "/one-lock.toml", "--model", "all"});
    EXPECT_EQ(result.exitCode, 0) << result.err;
    EXPECT_NE(result.err.find("python-threads is left out"), std::string::npos) << result.err;
    EXPECT_NE(result.out.find("work-stealing"), std::string::npos);
}

} // namespace
} // namespace interleave::truth
