// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/python_models.h"

#include "engine/models/parameters.h"
#include "engine/models/python/interpreter.h"
#include "engine/models/python/python_run.h"
#include "engine/models/refusal.h"

#include <fmt/format.h>

namespace interleave::models {

namespace {

using scenario::Action;

/// Work that no library call of Python's does without the interpreter lock.
Result<void> refuseReleasedPrimes(const scenario::Program& program, const std::string& model) {
    return refuseActions(program, [&](const Action& action) -> std::optional<std::string> {
        if (action.kind != Action::Kind::Compute || !action.releasesGil ||
            action.kernel != scenario::Kernel::Primes) {
            return std::nullopt;
        }
        return fmt::format("the model {} has no library call that looks for primes without the "
                           "interpreter lock; use the kernel sha256 or memory with releases_gil",
                           model);
    });
}

class PythonModel final : public Model {
public:
    struct Kind {
        bool hasProcesses = false;
        bool hasAnyNumberOfTasks = false; // coroutines: all can have begun
    };

    PythonModel(ModelInfo info, Kind kind)
        : m_info(std::move(info))
        , m_kind(kind) {}

    const ModelInfo& info() const override { return m_info; }

    Result<void> canRun(const scenario::Program& program,
                        const Parameters& parameters) const override {
        const auto able = m_kind.hasProcesses ? refuseMessaging(program, m_info.id)
                                              : refuseCrashAndMessaging(program, m_info.id);
        if (!able) {
            return able;
        }
        if (auto refused = refuseReleasedPrimes(program, m_info.id); !refused) {
            return refused;
        }
        const auto python = findInterpreter(textParameter(parameters, "python"));
        return python ? Result<void>() : std::unexpected(python.error());
    }

    Result<RunOutcome> run(const RunContext& context) const override {
        std::string settings;
        for (const ParameterInfo& parameter : m_info.parameters) {
            const std::string& value = textParameter(context.parameters, parameter.key);
            if (parameter.key == "switch_interval") {
                settings +=
                    fmt::format(",\"switch_interval\":{}",
                                toSeconds(durationParameter(context.parameters, parameter.key)));
            } else if (parameter.key != "python") {
                settings += parameter.unit == "choice"
                                ? fmt::format(",\"{}\":\"{}\"", parameter.key, value)
                                : fmt::format(",\"{}\":{}", parameter.key, value);
            }
        }
        const std::string object = "{" + (settings.empty() ? settings : settings.substr(1)) + "}";
        const int ofPool = m_info.usesWorkers ? context.workers : 1;
        return runInPython(context, {.model = m_info.id,
                                     .settings = object,
                                     .workersAtOnce = m_kind.hasAnyNumberOfTasks ? 0 : ofPool});
    }

private:
    ModelInfo m_info;
    Kind m_kind;
};

ParameterInfo pythonParameter() {
    return {"python", "python3", "command", "a path, or a name in PATH",
            "the interpreter that executes the scenario"};
}

ParameterInfo switchIntervalParameter() {
    return {"switch_interval", "5 ms", "duration", "10 µs to 10 s",
            "sys.setswitchinterval(): how long a thread waits for the GIL before it asks the "
            "holder to drop it"};
}

ParameterInfo connectionsParameter() {
    return {"connections", "100", "count", "1 to 900",
            "how many connections the coroutines have at once; a request beyond waits"};
}

} // namespace

std::vector<std::unique_ptr<const Model>> makePythonModels() {
    std::vector<std::unique_ptr<const Model>> models;
    const auto add = [&models](ModelInfo info, PythonModel::Kind kind) {
        info.namesOwnGil = true;
        models.push_back(std::make_unique<PythonModel>(std::move(info), kind));
    };
    add({"python-sequential",
         "Python, sequential",
         "A real Python interpreter in a plain loop: one task after the other, in one thread. The "
         "floor that the other Python models are compared with.",
         "One cook reads every step aloud before doing it, one dish at a time.",
         {pythonParameter()},
         false},
        {});
    add({"python-threads",
         "Python threads",
         "A ThreadPoolExecutor of a real Python interpreter, under its own global lock: what the "
         "model gil-threads imitates.",
         "The crowded kitchen with one knife, the real one.",
         {pythonParameter(), switchIntervalParameter()},
         true},
        {});
    add({"python-processes",
         "Python processes",
         "A ProcessPoolExecutor: worker processes with an interpreter and a lock each. Arguments "
         "and results are pickled and sent.",
         "A kitchen for every cook; whatever one needs is packed, carried over and unpacked.",
         {pythonParameter(),
          {"start", "fork", "choice", "fork, spawn, forkserver",
           "how a worker process begins (multiprocessing's start method)"}},
         true},
        {.hasProcesses = true});
    add({"python-asyncio",
         "Python asyncio",
         "Coroutines in one event loop, started by asyncio.gather(). A task runs until it awaits.",
         "One cook who never waits at the oven, and reads every step aloud.",
         {pythonParameter(), connectionsParameter()},
         false},
        {.hasAnyNumberOfTasks = true});
    add({"python-asyncio+threads",
         "Python asyncio with threads",
         "Coroutines in one event loop that hand what computes to asyncio.to_thread(): the loop "
         "stays free, as far as the global lock lets it.",
         "One cook at the stove and helpers who chop, with one knife among them all.",
         {pythonParameter(), connectionsParameter(), switchIntervalParameter()},
         true},
        {.hasAnyNumberOfTasks = true});
    return models;
}

} // namespace interleave::models
