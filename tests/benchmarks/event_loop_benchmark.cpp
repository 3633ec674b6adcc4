// SPDX-License-Identifier: GPL-3.0-or-later
// Resumes a second of the event loop: a thousand tasks that do nothing but yield, recorded and not,
// beside the bare coroutine switch. Budget: 10 million recorded resumes a second.
#include "engine/models/event_loop/coroutine.h"
#include "engine/models/event_loop/event_loop.h"
#include "engine/models/event_loop/ready_queue.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

namespace {

using namespace interleave;

constexpr std::uint32_t kTasks = 1000;
constexpr std::uint32_t kYields = 1000;

scenario::Program yieldingProgram() {
    scenario::Program program;
    program.scenario = std::make_shared<const scenario::Scenario>();
    program.stepNames = {"yield"};
    scenario::Action yield;
    yield.kind = scenario::Action::Kind::Sleep;
    yield.step = StepId{1};
    for (std::uint32_t i = 1; i <= kTasks; ++i) {
        scenario::Task task;
        task.id = TaskId{i};
        task.actions.assign(kYields, yield);
        program.tasks.push_back(task);
    }
    return program;
}

void runOnce(benchmark::State& state, const scenario::Program& program, bool isRecorded) {
    state.PauseTiming();
    std::string pattern =
        (std::filesystem::temp_directory_path() / "interleave-bench-XXXXXX").string();
    const std::filesystem::path folder = mkdtemp(pattern.data());
    auto session = record::SessionWriter::create(
        folder / "session", {.populatedBytes = std::size_t{96} << 20, .isEnabled = isRecorded});
    if (!session) {
        state.SkipWithError(session.error().message.c_str());
        return;
    }
    {
        record::Writer control =
            session->openStream({record::StreamRole::Control, session->clock().kind, "control"});
        const auto model = models::makeEventLoop();
        const models::Parameters parameters{{"connections", "100"}};
        const scenario::ComputeSpeed speed;
        const models::RunContext context{.program = program,
                                         .workers = 1,
                                         .parameters = parameters,
                                         .speed = speed,
                                         .loopback = {},
                                         .session = *session,
                                         .control = control,
                                         .gil = {},
                                         .firstExtraStep = StepId{2},
                                         .stop = {},
                                         .programPath = {}};
        state.ResumeTiming();
        if (!model->run(context)) {
            state.SkipWithError("the run failed");
        }
        state.PauseTiming();
    }
    session->finish();
    std::filesystem::remove_all(folder);
    state.ResumeTiming();
}

void eventLoopResumes(benchmark::State& state) {
    const scenario::Program program = yieldingProgram();
    for (auto _ : state) {
        runOnce(state, program, state.range(0) != 0);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kTasks * kYields);
}
BENCHMARK(eventLoopResumes)
    ->ArgName("recorded")
    ->Arg(1)
    ->Arg(0)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

models::Coroutine<int> yielding(std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) {
        co_await std::suspend_always();
    }
    co_return 0;
}

/// The floor: the same coroutines in the same queue, with nothing else done.
void bareResumes(benchmark::State& state) {
    for (auto _ : state) {
        std::vector<models::Coroutine<int>> tasks;
        models::ReadyQueue<models::Coroutine<int>*> ready;
        tasks.reserve(kTasks);
        for (std::uint32_t i = 0; i < kTasks; ++i) {
            tasks.push_back(yielding(kYields));
            ready.push(&tasks.back());
        }
        while (!ready.isEmpty()) {
            models::Coroutine<int>* task = ready.pop();
            task->handle().resume();
            if (!task->isDone()) {
                ready.push(task);
            }
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kTasks * kYields);
}
BENCHMARK(bareResumes)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

} // namespace
