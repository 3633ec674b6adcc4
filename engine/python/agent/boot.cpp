// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/boot.h"

#include "engine/python/agent/asyncio_hooks.h"
#include "engine/python/agent/bootstrap_source.h"
#include "engine/python/agent/broker_functions.h"
#include "engine/python/agent/code_places.h"
#include "engine/python/agent/emit.h"
#include "engine/python/agent/executor_hooks.h"
#include "engine/python/agent/private_module.h"
#include "engine/python/agent/process.h"
#include "engine/python/agent/system_calls.h"

#include <atomic>
#include <cstdio>
#include <cstring>

namespace interleave::agent {

namespace {

constexpr const char* kModuleName = "_interleave_agent";
constexpr int kFileInput = 257; // Py_file_input

enum class Boot : std::uint8_t { Waiting, UnderWay, Done };

/// A module that is hooked when it is there.
struct Target {
    const char* name;
    bool isDone;
};

constinit std::atomic<bool> isHookAdded = false;
constinit Boot boot = Boot::Waiting; // with the GIL held
constinit PyObject* armFunction = nullptr;
constinit PyObject* hookFunction = nullptr;
constinit Target targets[] = {
    {"threading", false},
    {"asyncio.base_events", false},
    {"concurrent.futures.thread", false},
    {"concurrent.futures.process", false},
    {"multiprocessing.pool", false},
    {"uvloop", false},
    {"amqp.channel", false},
    {"celery.signals", false},
    {"celery.backends.base", false},
    {"celery.concurrency.thread", false},
    {"celery.worker.request", false},
    {"celery.worker.state", false},
    {"billiard.pool", false},
    {"pika.channel", false},
    {"pika.adapters.blocking_connection", false},
    {"rq.job", false},
    {"rq.queue", false},
    {"rq.worker", false},
};
constinit int openTargets = sizeof targets / sizeof *targets;

bool startsWith(const char* text, const char* begin) {
    return std::strncmp(text, begin, std::strlen(begin)) == 0;
}

/// Whether the import of a module is over.
bool isImported(PyObject* module) {
    const PyRef spec = attribute(module, "__spec__");
    if (!spec || spec.get() == cpython.none) {
        return true;
    }
    const PyRef initializing = attribute(spec.get(), "_initializing");
    return !initializing || cpython.isTrue(initializing.get()) != 1;
}

/// Whether `site`, which belongs to the interpreter's start, is done or not wanted.
bool isSiteDone() {
    PyObject* modules = cpython.loadedModules();
    if (modules == nullptr) {
        return false;
    }
    PyObject* site = cpython.getItem(modules, "site");
    if (site != nullptr) {
        return isImported(site);
    }
    PyObject* sys = cpython.getItem(modules, "sys");
    const PyRef flags = sys == nullptr ? PyRef() : attribute(sys, "flags");
    const PyRef isUnwanted = flags ? attribute(flags.get(), "no_site") : PyRef();
    return isUnwanted && cpython.isTrue(isUnwanted.get()) == 1;
}

bool isMainInterpreter() {
    void* (*const current)() = cpython.currentInterpreter != nullptr
                                   ? cpython.currentInterpreter
                                   : cpython.currentInterpreterIn38;
    return current == nullptr || cpython.mainInterpreter == nullptr ||
           current() == cpython.mainInterpreter();
}

/// Says why Python's own tracks are missing or incomplete.
void noteFailure(const char* what) {
    PyObject* type = nullptr;
    PyObject* value = nullptr;
    PyObject* traceback = nullptr;
    cpython.fetchError(&type, &value, &traceback);
    const PyRef owned[] = {PyRef(type), PyRef(value), PyRef(traceback)};
    const PyRef text(value == nullptr ? nullptr : cpython.describe(value));
    const std::string_view why = textOf(text.get());
    cpython.clearError();
    char sentence[300];
    std::snprintf(sentence, sizeof sentence,
                  "Tasks and thread names of Python are not recorded: %s failed (%.*s).", what,
                  static_cast<int>(why.size()), why.data());
    note(Severity::Warning, "python-tracks", sentence);
}

/// Runs the embedded Python source in the module, which then has the functions arm and hook.
bool runBootstrap(PyObject* module) {
    PyObject* space = cpython.moduleDict(module);
    if (space == nullptr || cpython.setItem(space, "__builtins__", cpython.builtins()) != 0) {
        return false;
    }
    const PyRef code(cpython.compile(kBootstrapSource, "<interleave agent>", kFileInput));
    const PyRef done(code ? cpython.evaluate(code.get(), space, space) : nullptr);
    if (!done) {
        return false;
    }
    armFunction = cpython.getItem(space, "arm");
    hookFunction = cpython.getItem(space, "hook");
    if (armFunction == nullptr || hookFunction == nullptr) {
        return false;
    }
    cpython.incRef(armFunction);
    cpython.incRef(hookFunction);
    return true;
}

/// Hooks those of the modules that are there and complete.
void hookImported() {
    PyObject* modules = cpython.loadedModules();
    for (Target& target : targets) {
        PyObject* module =
            target.isDone || modules == nullptr ? nullptr : cpython.getItem(modules, target.name);
        if (module == nullptr || !isImported(module)) {
            continue;
        }
        target.isDone = true;
        --openTargets;
        const PyRef name(cpython.newText(target.name, static_cast<PySize>(strlen(target.name))));
        PyObject* arguments[] = {name.get(), module};
        const PyRef done(name ? callFast(hookFunction, arguments, 2, nullptr) : nullptr);
        if (!done) {
            noteFailure(target.name);
        }
    }
}

void bootNow() {
    boot = Boot::UnderWay;
    const KeptError keep;
    finishPythonApi();
    PyObject* modules = cpython.loadedModules();
    const PyRef module(cpython.newModule(kModuleName));
    if (modules != nullptr && module) {
        addCommonFunctions(module.get());
        bool isWhole = true;
        addBrokerFunctions(module.get());
        if (records(Group::Model)) {
            addModelFunctions(module.get());
        } else if (records(Group::Tasks)) {
            addAsyncioFunctions(module.get());
            addExecutorFunctions(module.get());
            addTaskFunctions(module.get());
            isWhole = runBootstrap(module.get());
        }
        if (!isWhole) {
            noteFailure("the start");
            armFunction = hookFunction = nullptr;
        }
        cpython.setItem(modules, kModuleName, module.get());
    }
    boot = Boot::Done;
    if (hookFunction != nullptr) {
        hookImported();
    }
    mark("program begins");
}

/// A module is about to be imported. The bootstrap's finder stands in its way if it is to be
/// hooked.
void importBegins(PyObject* arguments) {
    const KeptError keep;
    const std::string_view name = textOf(cpython.tupleItem(arguments, 0));
    for (const Target& target : targets) {
        if (!target.isDone && name == target.name) {
            PyObject* argument = cpython.tupleItem(arguments, 0);
            const PyRef done(callFast(armFunction, &argument, 1, nullptr));
            return;
        }
    }
    hookImported(); // what came another way
}

/// Never refuses anything, and costs one comparison for the events that it is not about.
int auditHook(const char* event, PyObject* arguments, void* /*data*/) {
    if (boot == Boot::Done) {
        if (openTargets != 0 && hookFunction != nullptr && event[0] == 'i' &&
            std::strcmp(event, "import") == 0 && isRecording() && isMainInterpreter()) {
            importBegins(arguments);
        }
        return 0;
    }
    if (boot == Boot::UnderWay || !isRecording()) {
        return 0;
    }
    if (event[0] == 'c' && startsWith(event, "cpython.run_")) {
        bootNow();
    } else if (std::strcmp(event, "import") == 0 || std::strcmp(event, "compile") == 0 ||
               std::strcmp(event, "exec") == 0) {
        if (cpython.isInitialized() != 0 && isMainInterpreter()) {
            bool isDone = false;
            {
                const KeptError keep;
                isDone = isSiteDone();
            }
            if (isDone) {
                bootNow();
                return auditHook(event, arguments, nullptr); // it may be of a module to hook
            }
        }
    }
    return 0;
}

void inForkedChild() {
    forgetAsyncioTasks();
    forgetItems();
    forgetPlaces();
}

} // namespace

void onInterpreterFound() {
    if ((!records(Group::Tasks) && !records(Group::Model)) ||
        isHookAdded.exchange(true, std::memory_order_relaxed)) {
        return;
    }
    const ErrnoGuard keep;
    if (!findPythonApi()) {
        note(Severity::Warning, "python-tracks",
             "Tasks and thread names of Python are not recorded: this interpreter's C API is "
             "not the one of CPython 3.8 or later.");
        return;
    }
    callInForkedChild(inForkedChild);
    cpython.addAuditHook(auditHook, nullptr);
}

} // namespace interleave::agent
