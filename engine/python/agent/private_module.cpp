// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/private_module.h"

#include "engine/base/state.h"
#include "engine/python/agent/arguments.h"
#include "engine/python/agent/emit.h"
#include "engine/record/writer.h"

#include <atomic>
#include <cstdio>
#include <cstring>

namespace interleave::agent {

using namespace record;

namespace {

// In the order of State.
constexpr const char* kStateNames[] = {"queued",   "reserved",    "starting",     "running",
                                       "ready",    "waiting_gil", "waiting_lock", "waiting_io",
                                       "sleeping", "suspended",   "blocked",      "transfer",
                                       "retrying", "done",        "failed",       "cancelled"};
constexpr int kStates = sizeof kStateNames / sizeof *kStateNames;
static_assert(kStates == static_cast<int>(State::Cancelled) + 1);

bool readState(PyObject* argument, std::uint32_t& state) {
    const std::string_view name = textOf(argument);
    if (name.empty()) {
        const long number = cpython.asLong(argument);
        state = static_cast<std::uint32_t>(number);
        return number >= 0 && number < kStates;
    }
    for (int i = 0; i < kStates; ++i) {
        if (name == kStateNames[i]) {
            state = static_cast<std::uint32_t>(i);
            return true;
        }
    }
    return false;
}

PyObject* setState(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    std::uint32_t state = 0;
    std::uint32_t task = 0;
    std::uint32_t rest[3] = {};
    if (count < 2 || !readNumbers(arguments, 1, 1, 1, &task) || !readState(arguments[1], state) ||
        !readNumbers(arguments + 2, count - 2, 0, 3, rest)) {
        return wrongUse("state(task, state[, object[, step[, detached]]])");
    }
    const StateDetail detail{ObjectId{rest[0]}, StepId{rest[1] & kMaxSteps}, rest[2] != 0};
    emit(kindOf(static_cast<State>(state)), task, detail.pack());
    return newNone();
}

PyObject* acquired(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    std::uint32_t n[3] = {};
    if (!readNumbers(arguments, count, 2, 3, n)) {
        return wrongUse("acquired(task, object[, how])");
    }
    emit(EventKind::LockAcquired, n[0], (n[1] & kMaxObjects) | n[2] << 16);
    return newNone();
}

PyObject* nameThread(PyObject* /*self*/, PyObject* text) {
    openThreadStream();
    emitText(EventKind::ThreadNamed, stream.tid, textOf(text));
    return newNone();
}

PyObject* setRole(PyObject* /*self*/, PyObject* text) {
    const std::string_view name = textOf(text);
    if (name != "worker" && name != "control") {
        return wrongUse("role(\"worker\") or role(\"control\")");
    }
    openThreadStream();
    if (stream.entry != nullptr) {
        const auto role = name == "worker" ? StreamRole::Worker : StreamRole::Control;
        std::atomic_ref(stream.entry->role)
            .store(static_cast<std::uint8_t>(role), std::memory_order_relaxed);
    }
    return newNone();
}

PyObject* setMark(PyObject* /*self*/, PyObject* text) {
    if (isRecording()) {
        emitText(EventKind::Marked, 0, textOf(text));
    }
    return newNone();
}

PyObject* addNote(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    std::uint32_t severity = 0;
    if (count != 3 || !readNumbers(arguments, 1, 1, 1, &severity) || severity > 2) {
        return wrongUse("note(severity, kind, sentence)");
    }
    char kind[64];
    char sentence[400];
    const std::string_view texts[] = {textOf(arguments[1]), textOf(arguments[2])};
    std::snprintf(kind, sizeof kind, "%.*s", static_cast<int>(texts[0].size()), texts[0].data());
    std::snprintf(sentence, sizeof sentence, "%.*s", static_cast<int>(texts[1].size()),
                  texts[1].data());
    if (isRecording()) {
        note(static_cast<Severity>(severity), kind, sentence);
    }
    return newNone();
}

PyObject* tellRecording(PyObject* /*self*/, PyObject* /*unused*/) {
    return cpython.newBool(isRecording() ? 1 : 0);
}

constinit PyMethodDef commonFunctions[] = {
    methodWithOne("mark", setMark),
    methodWithSome("note", addNote),
    methodWithNothing("is_recording", tellRecording),
};
constinit PyMethodDef taskFunctions[] = {
    methodWithSome("state", setState),
    methodWithSome("spawned", emitPair<EventKind::Spawned>),
};
constinit PyMethodDef modelFunctions[] = {
    methodWithSome("acquired", acquired),
    methodWithSome("released", emitPair<EventKind::LockReleased>),
    methodWithSome("woken", emitPair<EventKind::Woken>),
    methodWithSome("queue_put", emitPair<EventKind::QueuePut>),
    methodWithSome("queue_got", emitPair<EventKind::QueueGot>),
    methodWithSome("level", emitPair<EventKind::Level>),
    methodWithOne("name_thread", nameThread),
    methodWithOne("role", setRole),
};

} // namespace

void addFunction(PyObject* module, PyMethodDef& method) {
    const PyRef function(cpython.newFunction(&method, nullptr, nullptr));
    if (!function || cpython.setAttributeString(module, method.name, function.get()) != 0) {
        cpython.clearError();
    }
}

bool replaceMethod(PyObject* type, PyMethodDef& method, PyObject*& original) {
    PyRef found = attribute(type, method.name);
    const PyRef ours(found ? cpython.newMethod(type, &method) : nullptr);
    if (!ours) {
        cpython.clearError();
        return false;
    }
    original = found.release(); // before anybody can call ours
    if (cpython.setAttributeString(type, method.name, ours.get()) != 0) {
        cpython.clearError();
        return false;
    }
    return true;
}

void addCommonFunctions(PyObject* module) {
    for (PyMethodDef& method : commonFunctions) {
        addFunction(module, method);
    }
}

void addTaskFunctions(PyObject* module) {
    for (PyMethodDef& method : taskFunctions) {
        addFunction(module, method);
    }
    for (int i = 0; i < kStates; ++i) {
        char name[24] = "";
        for (std::size_t at = 0; kStateNames[i][at] != 0; ++at) {
            const char letter = kStateNames[i][at];
            name[at] = letter == '_' ? '_' : static_cast<char>(letter - 'a' + 'A');
        }
        const PyRef number(cpython.newLong(i));
        if (number) {
            cpython.setAttributeString(module, name, number.get());
        }
    }
}

void addModelFunctions(PyObject* module) {
    addTaskFunctions(module);
    for (PyMethodDef& method : modelFunctions) {
        addFunction(module, method);
    }
}

} // namespace interleave::agent
