// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/nominal_work.h"

#include "ui/chart/time_scale.h"

#include <algorithm>
#include <variant>

namespace interleave::ui {

namespace {

constexpr double kRoom = 1.3;
constexpr double kLongestAxisNs = 3600e9;

double workOf(const scenario::Scenario& scenario, const scenario::Steps& steps);

double workOf(const scenario::Scenario& scenario, const scenario::Step& step) {
    if (const auto* compute = std::get_if<scenario::ComputeStep>(&step.what)) {
        return static_cast<double>(compute->work.nominalNs);
    }
    if (const auto* io = std::get_if<scenario::IoStep>(&step.what)) {
        return static_cast<double>(io->latency.nominalNs);
    }
    if (const auto* sleep = std::get_if<scenario::SleepStep>(&step.what)) {
        return static_cast<double>(sleep->length.nominalNs);
    }
    if (const auto* lock = std::get_if<scenario::LockStep>(&step.what)) {
        return workOf(scenario, lock->steps);
    }
    if (const auto* spawn = std::get_if<scenario::SpawnStep>(&step.what)) {
        return spawn->count * workOf(scenario, scenario.tasks[spawn->task].steps);
    }
    return 0;
}

double workOf(const scenario::Scenario& scenario, const scenario::Steps& steps) {
    double work = 0;
    for (const scenario::Step& step : steps) {
        work += workOf(scenario, step);
    }
    return work;
}

} // namespace

Nanoseconds nominalWork(const scenario::Scenario& scenario) {
    double work = 0;
    for (const scenario::TaskTemplate& task : scenario.tasks) {
        work += task.count * workOf(scenario, task.steps);
    }
    return static_cast<Nanoseconds>(std::min(work, kLongestAxisNs));
}

Nanoseconds axisLengthFor(const lesson::Lesson& lesson, const lesson::Question& question) {
    const auto run = std::ranges::find(lesson.runs, question.run, &lesson::LessonRun::name);
    const Nanoseconds work = run == lesson.runs.end() ? 0 : nominalWork(run->scenario);
    return work == 0
               ? kSecond
               : static_cast<Nanoseconds>(chart::niceCeiling(kRoom * static_cast<double>(work)));
}

} // namespace interleave::ui
