// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/program.h"

#include "engine/base/check.h"
#include "engine/scenario/expansion.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace interleave::scenario {

ObjectId Program::exchangeId(std::size_t declaration) const {
    const std::size_t first =
        objects.size() - scenario->exchanges.size() - scenario->messageQueues.size();
    return {static_cast<std::uint32_t>(first + declaration + 1)};
}

ObjectId Program::messageQueueId(std::size_t declaration) const {
    const std::size_t first = objects.size() - scenario->messageQueues.size();
    return {static_cast<std::uint32_t>(first + declaration + 1)};
}

std::string_view nameOf(ObjectKind kind) {
    constexpr std::array<std::string_view, 6> kNames{"lock",  "semaphore", "barrier",
                                                     "queue", "exchange",  "message-queue"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string kindTextOf(const Program& program, ObjectId object) {
    const ObjectKind kind = program.object(object).kind;
    if (kind != ObjectKind::Exchange) {
        return std::string(nameOf(kind));
    }
    const std::size_t index = object.value - program.exchangeId(0).value;
    return fmt::format("{}-exchange", routing::nameOf(program.scenario->exchanges[index].kind));
}

bool usesLoopback(const Program& program) {
    return std::ranges::any_of(program.tasks, [](const Task& task) {
        return std::ranges::any_of(
            task.actions, [](const Action& action) { return action.kind == Action::Kind::Io; });
    });
}

Nanoseconds delayBeforeRetry(const Task& task, std::uint32_t failedTry) {
    return task.retryDelays.empty()
               ? task.retryDelayNs
               : task.retryDelays[std::min<std::size_t>(failedTry, task.retryDelays.size() - 1)];
}

Result<Program> expand(std::shared_ptr<const Scenario> scenario, std::uint64_t seed) {
    CHECK(scenario != nullptr);
    return Expansion(std::move(scenario), seed).run();
}

} // namespace interleave::scenario
