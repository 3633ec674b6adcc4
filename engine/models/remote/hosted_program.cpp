// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/remote/hosted_program.h"

#include "engine/models/hosts/program_mark.h"
#include "engine/models/parameters.h"

#include <fmt/format.h>

namespace interleave::models {

namespace {

Result<Parameters> parametersOf(const Welcome& welcome) {
    Parameters parameters;
    for (const ParameterInfo& info : queueParameters()) {
        const auto given = welcome.parameters.find(info.key);
        if (given == welcome.parameters.end()) {
            return fail(fmt::format("The run does not say what {} is.", info.key));
        }
        if (auto checked = checkValue(info, given->second); !checked) {
            return std::unexpected(checked.error());
        }
        parameters[info.key] = given->second;
    }
    return parameters;
}

} // namespace

ObjectId HostedProgram::gil() const {
    return {static_cast<std::uint32_t>(program.objects.size() + 1)};
}

ObjectId HostedProgram::firstExtraQueue() const {
    return {gil().value + 1};
}

StepId HostedProgram::firstExtraStep() const {
    return {static_cast<std::uint32_t>(program.stepNames.size() + 1)};
}

Result<HostedProgram> hostedProgramOf(const Welcome& welcome) {
    HostedProgram hosted;
    auto parsed = scenario::parseScenario(welcome.scenario, welcome.file);
    if (!parsed) {
        return std::unexpected(parsed.error());
    }
    auto program = scenario::expand(std::make_shared<const scenario::Scenario>(std::move(*parsed)),
                                    welcome.seed);
    if (!program) {
        return std::unexpected(program.error());
    }
    hosted.program = std::move(*program);
    if (markOf(hosted.program) != welcome.programMark) {
        return fail("The scenario expands to other tasks here than where the run is; use the same "
                    "build of the program on all hosts.");
    }
    auto parameters = parametersOf(welcome);
    if (!parameters) {
        return std::unexpected(parameters.error());
    }
    hosted.parameters = std::move(*parameters);
    hosted.settings = settingsOf(hosted.parameters);
    hosted.speed.slicesPerSecond = welcome.speed;
    hosted.workers = welcome.workers;
    hosted.plan = {.number = 1,
                   .name = welcome.node.name,
                   .queues = {},
                   .slotCount = welcome.node.slots,
                   .prefetch = welcome.node.prefetch};
    for (const std::uint32_t id : welcome.node.queues) {
        const bool isDeclared =
            id <= hosted.program.objects.size() &&
            hosted.program.object(ObjectId{id}).kind == scenario::ObjectKind::MessageQueue;
        if (!isDeclared && id != hosted.firstExtraQueue().value) {
            return fail(fmt::format("The run names a queue {} that there is none of.", id));
        }
        hosted.plan.queues.push_back(ObjectId{id});
    }
    if (hosted.plan.queues.empty()) {
        return fail("The run names no queue to take tasks from.");
    }
    return hosted;
}

} // namespace interleave::models
