// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/scaling.h"

#include "engine/scenario/quantity.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace interleave::scenario {

namespace {

VariedDuration scaled(VariedDuration duration, double factor) {
    duration.nominalNs = std::min(
        kLongestDuration,
        static_cast<Nanoseconds>(std::llround(static_cast<double>(duration.nominalNs) * factor)));
    return duration;
}

/// A span is called after its step; "compute 20 ms" would be untrue when it is scaled.
void renameScaled(Step& step, const std::string& before, const VariedDuration& duration) {
    if (step.name == before) {
        step.name = fmt::format("{} {}", kindNameOf(step), textOf(duration));
    }
}

void scaleStep(Step& step, VariedDuration& duration, double factor) {
    const std::string before = fmt::format("{} {}", kindNameOf(step), textOf(duration));
    duration = scaled(duration, factor);
    renameScaled(step, before, duration);
}

/// Factors for each kind of step.
struct Factors {
    double compute = 1;
    double io = 1;
    double sleep = 1;
};

void scaleSteps(Steps& steps, const Factors& factors) {
    for (Step& step : steps) {
        if (auto* const compute = std::get_if<ComputeStep>(&step.what)) {
            scaleStep(step, compute->work, factors.compute);
        } else if (auto* const io = std::get_if<IoStep>(&step.what)) {
            scaleStep(step, io->latency, factors.io);
        } else if (auto* const sleep = std::get_if<SleepStep>(&step.what)) {
            scaleStep(step, sleep->length, factors.sleep);
        } else if (auto* const lock = std::get_if<LockStep>(&step.what)) {
            scaleSteps(lock->steps, factors);
        }
    }
}

struct Times {
    double computeNs = 0;
    double ioNs = 0;
};

Times timesOf(const Steps& steps) {
    Times times;
    for (const Step& step : steps) {
        if (const auto* const compute = std::get_if<ComputeStep>(&step.what)) {
            times.computeNs += static_cast<double>(compute->work.nominalNs);
        } else if (const auto* const io = std::get_if<IoStep>(&step.what)) {
            times.ioNs += static_cast<double>(io->latency.nominalNs);
        } else if (const auto* const lock = std::get_if<LockStep>(&step.what)) {
            const Times inside = timesOf(lock->steps);
            times.computeNs += inside.computeNs;
            times.ioNs += inside.ioNs;
        }
    }
    return times;
}

VariedDuration fixedDuration(double ns) {
    return {static_cast<Nanoseconds>(std::llround(ns)), 0};
}

bool dependsOnNumbers(const Steps& steps) {
    return std::ranges::any_of(steps, [](const Step& step) {
        const auto* const lock = std::get_if<LockStep>(&step.what);
        return std::holds_alternative<BarrierStep>(step.what) ||
               std::holds_alternative<AcquireStep>(step.what) ||
               std::holds_alternative<ReleaseStep>(step.what) ||
               std::holds_alternative<PutStep>(step.what) ||
               std::holds_alternative<GetStep>(step.what) ||
               (lock != nullptr && dependsOnNumbers(lock->steps));
    });
}

} // namespace

Scenario withIoShare(Scenario scenario, double share) {
    for (TaskTemplate& task : scenario.tasks) {
        const Times times = timesOf(task.steps);
        const double all = times.computeNs + times.ioNs;
        if (all <= 0) {
            continue;
        }
        scaleSteps(task.steps,
                   {.compute = times.computeNs > 0 ? (1 - share) * all / times.computeNs : 1,
                    .io = times.ioNs > 0 ? share * all / times.ioNs : 1,
                    .sleep = 1});
        // What it had none of comes at its end.
        if (times.ioNs <= 0 && share > 0) {
            task.steps.push_back(
                {IoStep{fixedDuration(share * all), 0, false}, "io", task.line, 0});
        }
        if (times.computeNs <= 0 && share < 1) {
            task.steps.push_back(
                {ComputeStep{fixedDuration((1 - share) * all), Kernel::Integers, false}, "compute",
                 task.line, 0});
        }
    }
    return scenario;
}

Result<Scenario> withTaskSize(Scenario scenario, double factor) {
    for (TaskTemplate& task : scenario.tasks) {
        if (dependsOnNumbers(task.steps)) {
            return fail(fmt::format("The tasks of {} can't be cut into others: \"{}\" uses a "
                                    "barrier, a semaphore or a queue, whose numbers would no "
                                    "longer fit.",
                                    scenario.name, task.name));
        }
        scaleSteps(task.steps, {.compute = factor, .io = factor, .sleep = factor});
        if (task.count > 0) {
            const double count = std::round(task.count / factor);
            task.count = static_cast<std::uint32_t>(std::clamp(count, 1.0, 1e6));
        }
    }
    return scenario;
}

} // namespace interleave::scenario
