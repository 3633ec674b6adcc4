// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/busy_kitchen.h"

#include "engine/recording/recording_builder.h"

#include <array>

namespace interleave::support {

namespace {

constexpr Nanoseconds kMs = 1'000'000;
constexpr Nanoseconds kEnd = 100 * kMs;

} // namespace

std::shared_ptr<const recording::Recording> busyKitchen(const BusyKitchen& options) {
    recording::RecordingBuilder builder;
    builder.info().scenario = "Busy kitchen";
    builder.info().model = "sketch";
    builder.info().source = recording::Source::Simulated;
    std::vector<WorkerId> workers;
    for (std::uint32_t i = 0; i < options.chefs; ++i) {
        workers.push_back(builder.addWorker({.name = "worker " + std::to_string(i + 1),
                                             .pid = 100 + i % options.processes,
                                             .life = {0, kEnd}}));
    }
    std::vector<ObjectId> knives;
    for (std::uint32_t i = 0; i < options.processes && options.hasKnife; ++i) {
        knives.push_back(builder.addObject({"GIL", "gil", 0}));
    }
    static constexpr std::array kCourse{State::WaitingGil, State::Running,  State::WaitingIo,
                                        State::Ready,      State::Running,  State::Sleeping,
                                        State::Transfer,   State::WaitingIo};
    std::vector<Nanoseconds> knifeFree(options.processes);
    std::vector<Nanoseconds> chefFree(options.chefs);
    for (std::uint32_t i = 0; i < options.dishes; ++i) {
        const TaskId task =
            builder.addTask({"dish " + std::to_string(i + 1), "dish", State::Done, 0, kEnd});
        const std::uint32_t chef = i % options.chefs;
        const Nanoseconds begin = (i / 8) * 2 * kMs;
        Nanoseconds at = begin;
        if (begin > 0) {
            builder.addTaskSpan({{0, begin}, State::Queued, task});
        }
        for (std::size_t step = 0; at < kEnd - 8 * kMs; ++step) {
            const State state = kCourse[(step + i) % kCourse.size()];
            const Nanoseconds until = at + (state == State::WaitingIo ? 9 : 3) * kMs + i * 10'000;
            builder.addTaskSpan({{at, until}, state, task, workers[chef]});
            if (state != State::WaitingIo && state != State::Sleeping && at >= chefFree[chef]) {
                builder.addWorkerSpan({{at, until}, state, task, workers[chef]});
                chefFree[chef] = until;
                const std::uint32_t process = chef % options.processes;
                if (!knives.empty() && state == State::Running && at >= knifeFree[process]) {
                    builder.addObjectSpan(knives[process],
                                          {{at, until}, State::Held, task, workers[chef]});
                    knifeFree[process] = until;
                }
            }
            at = until;
        }
        builder.addTaskSpan({{at, kEnd}, State::Running, task, workers[chef]});
        if (i % 10 == 3) {
            builder.addLink({recording::LinkKind::Steal,
                             {begin, {}, workers[(chef + 1) % options.chefs]},
                             {begin + kMs, task, workers[chef]}});
        }
    }
    return builder.finish();
}

} // namespace interleave::support
