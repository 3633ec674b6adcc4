// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/library_model.h"

#include "engine/models/parameters.h"
#include "engine/models/python/interpreter.h"
#include "engine/models/python/library_text.h"
#include "engine/models/python/python_run.h"
#include "engine/models/refusal.h"

#include <fmt/format.h>

namespace interleave::models {

using scenario::Action;

namespace {

/// A value as the driver reads it: a duration in seconds.
std::string jsonOf(const ParameterInfo& parameter, const Parameters& parameters) {
    if (parameter.unit == "duration") {
        return fmt::format("{}", toSeconds(durationParameter(parameters, parameter.key)));
    }
    const std::string& value = textParameter(parameters, parameter.key);
    return parameter.unit == "choice" ? fmt::format("\"{}\"", value) : value;
}

} // namespace

LibraryModel::LibraryModel(ModelInfo info, std::string package, std::string install)
    : m_info(std::move(info))
    , m_package(std::move(package))
    , m_install(std::move(install)) {}

Result<void> LibraryModel::canRun(const scenario::Program& program,
                                  const Parameters& parameters) const {
    if (auto refused = refuseActions(
            program, [&](const Action& action) { return objection(program, parameters, action); });
        !refused) {
        return refused;
    }
    if (auto refused = refuseFaults(program); !refused) {
        return refused;
    }
    if (auto refused = refuseProgram(program, parameters); !refused) {
        return refused;
    }
    const auto python = findInterpreter(textParameter(parameters, "python"));
    return python ? Result<void>() : std::unexpected(python.error());
}

Result<void> LibraryModel::refuseFaults(const scenario::Program& program) const {
    if (program.scenario->faults.empty()) {
        return {};
    }
    const scenario::Fault& fault = program.scenario->faults.front();
    return fail(fmt::format("{}:{}:1: the model {} makes no faults on purpose, and the scenario "
                            "wants {}; take task-queue or pubsub.",
                            program.scenario->file.string(), fault.line, m_info.id,
                            scenario::textOf(fault)));
}

Result<RunOutcome> LibraryModel::run(const RunContext& context) const {
    std::string settings;
    for (const ParameterInfo& parameter : m_info.parameters) {
        if (parameter.key != "python") {
            settings +=
                fmt::format(",\"{}\":{}", parameter.key, jsonOf(parameter, context.parameters));
        }
    }
    return runInPython(context, {.model = m_info.id,
                                 .settings = "{" + settings.substr(1) + "}",
                                 .workersAtOnce = 0,
                                 .library = libraryText(context),
                                 .package = m_package,
                                 .install = m_install});
}

bool isShared(Action::Kind kind) {
    using Kind = Action::Kind;
    return kind == Kind::Acquire || kind == Kind::Release || kind == Kind::Barrier ||
           kind == Kind::Put || kind == Kind::Get;
}

std::optional<std::string> releasedPrimes(const Action& action) {
    if (action.kind == Action::Kind::Compute && action.releasesGil &&
        action.kernel == scenario::Kernel::Primes) {
        return "no library call of Python looks for primes without the interpreter lock; use the "
               "kernel sha256 or memory with releases_gil";
    }
    return std::nullopt;
}

ParameterInfo pythonParameter(const char* library) {
    return {"python", "/usr/bin/python3", "command", "a path, or a name in PATH",
            fmt::format("the interpreter that executes the scenario; it must have {}", library)};
}

} // namespace interleave::models
