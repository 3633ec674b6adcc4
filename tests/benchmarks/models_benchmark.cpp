// SPDX-License-Identifier: GPL-3.0-or-later
// What a model costs a task, beside the library it stands on used directly, and what recording
// costs a run. Each pair is measured in turn in the same run; the ratio is what counts.
#include "engine/models/registry.h"
#include "engine/record/session.h"

#include <asio.hpp>
#include <benchmark/benchmark.h>
#include <chrono>
#include <coroutine>
#include <filesystem>
#include <functional>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>
#include <thread>
#include <unistd.h>

namespace interleave {
namespace {

using Seconds = std::chrono::duration<double>;

double timeOf(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return Seconds(std::chrono::steady_clock::now() - begin).count();
}

/// `count` tasks, each with `slices` of compute (0: nothing to do).
scenario::Program manyTasks(std::uint32_t count, Nanoseconds work) {
    scenario::Program program;
    auto scenario = std::make_shared<scenario::Scenario>();
    scenario->name = "benchmark";
    program.scenario = scenario;
    program.stepNames = {"compute"};
    for (std::uint32_t i = 1; i <= count; ++i) {
        scenario::Task task;
        task.id = TaskId{i};
        task.name = task.group = "task";
        if (work > 0) {
            scenario::Action action;
            action.step = StepId{1};
            action.durationNs = work;
            task.actions.push_back(action);
        }
        program.tasks.push_back(std::move(task));
    }
    return program;
}

/// Executes the program once under the model; returns the seconds that the model itself took.
double runModel(const models::Model& model, const scenario::Program& program, bool recordsEvents,
                const scenario::ComputeSpeed& speed) {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "interleave-bench-XXXXXX").string();
    const std::filesystem::path folder = ::mkdtemp(pattern.data());
    double seconds = 0;
    {
        auto session = record::SessionWriter::create(
            folder / "session",
            {.populatedBytes = std::size_t{64} << 20, .isEnabled = recordsEvents});
        const auto parameters = *models::resolveParameters(model.info(), {});
        record::Writer control =
            session->openStream({record::StreamRole::Control, session->clock().kind, "control"});
        const models::RunContext context{
            .program = program,
            .workers = 2,
            .parameters = parameters,
            .speed = speed,
            .loopback = {},
            .session = *session,
            .control = control,
            .gil = ObjectId{1},
            .firstExtraStep = StepId{2},
            .stop = {},
            .programPath = {},
        };
        seconds = timeOf([&] { benchmark::DoNotOptimize(model.run(context)); });
    }
    std::filesystem::remove_all(folder);
    return seconds;
}

// ---- peers, used directly ----------------------------------------------------------------------

void nothing() {
    benchmark::ClobberMemory();
}

void peerTbb(std::uint32_t count) {
    oneapi::tbb::task_arena arena(2);
    arena.execute([&] {
        oneapi::tbb::task_group group;
        for (std::uint32_t i = 0; i < count; ++i) {
            group.run(nothing);
        }
        group.wait();
    });
}

void peerAsio(std::uint32_t count) {
    asio::io_context context(1);
    for (std::uint32_t i = 0; i < count; ++i) {
        asio::co_spawn(
            context,
            []() -> asio::awaitable<void> {
                nothing();
                co_return;
            },
            asio::detached);
    }
    context.run();
}

void peerAsioPool(std::uint32_t count) {
    asio::thread_pool pool(2);
    for (std::uint32_t i = 0; i < count; ++i) {
        asio::post(pool, nothing);
    }
    pool.join();
}

void peerThread(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        std::thread(nothing).join();
    }
}

void peerLoop(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        nothing();
    }
}

struct Pair {
    const char* model;
    const char* peer;
    std::uint32_t tasks;
    void (*run)(std::uint32_t);
};

void modelAgainstPeer(benchmark::State& state, const Pair& pair) {
    const models::Model& model = **models::findModel(pair.model);
    const auto program = manyTasks(pair.tasks, 0);
    const scenario::ComputeSpeed speed{{1e6, 1e6, 1e6, 1e6}};
    double ours = 0;
    double theirs = 0;
    for (auto _ : state) {
        const double seconds = runModel(model, program, true, speed);
        theirs += timeOf([&] { pair.run(pair.tasks); });
        ours += seconds;
        state.SetIterationTime(seconds);
    }
    const double tasks = static_cast<double>(state.iterations()) * pair.tasks;
    state.counters["tasks/s"] = tasks / ours;
    state.counters["peer tasks/s"] = tasks / theirs;
    state.counters["x peer"] = ours / theirs;
}

void recordingAgainstNone(benchmark::State& state, const std::string& id) {
    const models::Model& model = **models::findModel(id);
    const std::uint32_t tasks = id == "processes" ? 1'000 : 10'000;
    const auto program = manyTasks(tasks, 20'000);
    const scenario::ComputeSpeed speed = scenario::measureSpeed();
    double with = 0;
    double without = 0;
    for (auto _ : state) {
        without += runModel(model, program, false, speed);
        const double seconds = runModel(model, program, true, speed);
        with += seconds;
        state.SetIterationTime(seconds);
    }
    state.counters["with / without"] = with / without;
}

const Pair kPairs[] = {
    {"work-stealing", "oneTBB task_group", 50'000, peerTbb},
    {"event-loop", "Asio co_spawn", 50'000, peerAsio},
    {"threads", "Asio thread_pool", 50'000, peerAsioPool},
    {"sequential", "a loop", 50'000, peerLoop},
    {"processes", "std::thread spawn and join", 5'000, peerThread},
};

} // namespace
} // namespace interleave

int main(int argc, char** argv) {
    using namespace interleave;
    for (const Pair& pair : kPairs) {
        benchmark::RegisterBenchmark(
            (std::string("tasks/") + pair.model + " vs " + pair.peer).c_str(),
            [&pair](benchmark::State& state) { modelAgainstPeer(state, pair); })
            ->UseManualTime()
            ->Iterations(3);
    }
    for (const char* id :
         {"sequential", "threads", "gil-threads", "processes", "event-loop", "work-stealing"}) {
        benchmark::RegisterBenchmark(
            (std::string("recording/") + id).c_str(),
            [id](benchmark::State& state) { recordingAgainstNone(state, id); })
            ->UseManualTime()
            ->Iterations(3);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
