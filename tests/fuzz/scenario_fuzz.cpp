// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the bytes, the reader of scenarios ends, with a scenario or with one sentence, and what
// it accepts expands. Crashes, endless loops and sanitizer reports are what this looks for.
#include "engine/base/check.h"
#include "engine/scenario/checks.h"
#include "engine/scenario/loopback.h"
#include "engine/scenario/loopback_process.h"
#include "engine/scenario/program.h"
#include "engine/scenario/scenario.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string_view>

namespace interleave::scenario {

namespace {

/// A scenario of a million tasks or messages is legal; here it would only be slow.
bool isSmall(const Scenario& scenario) {
    std::uint64_t tasks = 0;
    for (const TaskTemplate& task : scenario.tasks) {
        tasks += task.count;
        forEachStep(task.steps, [&](const Step& step) {
            if (const auto* publish = std::get_if<PublishStep>(&step.what)) {
                tasks += publish->count;
            }
        });
    }
    return tasks < 1000;
}

void checkMessages(const Program& program, const Task& task, const Action& action) {
    for (const PublishedMessage& message : action.messages) {
        CHECK(message.number > 0 && message.routedCopies <= message.copies.size());
        std::set<ObjectId> queues;
        for (const PublishedMessage::Copy& copy : message.copies) {
            CHECK(program.object(copy.queue).kind == ObjectKind::MessageQueue);
            CHECK(queues.insert(copy.queue).second);
            CHECK(!copy.handler || (program.task(copy.handler).handles == copy.queue &&
                                    program.task(copy.handler).parent == task.id));
        }
    }
}

void checkFault(const Fault& fault) {
    const auto again = parseFault(textOf(fault));
    CHECK(again && textOf(*again) == textOf(fault));
}

void readFaultText(std::string_view text) {
    if (const auto fault = parseFault(text)) {
        checkFault(*fault);
    }
}

void readScenarioText(std::string_view text) {
    Result<Scenario> scenario = parseScenario(text, "fuzz.toml");
    if (!scenario) {
        CHECK(scenario.error().message.starts_with("fuzz.toml"));
        return;
    }
    if (!isSmall(*scenario)) {
        return;
    }
    const auto program = expand(std::make_shared<const Scenario>(std::move(*scenario)), 1);
    if (!program) {
        return;
    }
    for (const Fault& fault : program->scenario->faults) {
        checkFault(fault);
    }
    for (const Task& task : program->tasks) {
        CHECK(task.parent.value < task.id.value);
        CHECK(!task.then || program->task(task.then).isChained);
        CHECK(!task.handles || task.parent);
        for (const Action& action : task.actions) {
            CHECK(action.durationNs >= 0 && action.step.value <= program->stepNames.size());
            checkMessages(*program, task, action);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    readScenarioText(text);
    readFaultText(text);
    static_cast<void>(parseRequest(text));
    static_cast<void>(parseAnswerHead(text));
    return 0;
}

} // namespace interleave::scenario
