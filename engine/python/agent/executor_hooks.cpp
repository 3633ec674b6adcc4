// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/executor_hooks.h"

#include "engine/python/agent/code_places.h"
#include "engine/python/agent/current_task.h"
#include "engine/python/agent/emit.h"
#include "engine/python/agent/private_module.h"
#include "engine/python/agent/system_calls.h"
#include "engine/python/agent/task_names.h"
#include "engine/python/agent/task_table.h"

#include <cstring>

namespace interleave::agent {

using namespace record;

constinit thread_local bool areItemsHidden = false;

namespace {

struct Names {
    PyObject* future;
    PyObject* state;
    PyObject* exception;
    PyObject* threadName;
};

constinit Names names{};
constinit TaskTable items; // by their futures
constinit PyObject* originalInit = nullptr;
constinit PyObject* originalRun = nullptr;
constinit PyObject* originalSetIdent = nullptr;
constinit PyObject* originalSetName = nullptr;

/// What the calling thread is called, for its forked child.
struct ThreadName {
    char text[64];
    std::size_t bytes;
};
constinit thread_local ThreadName threadName{};

std::uint32_t detached() {
    return StateDetail{{}, {}, true}.pack();
}
std::uint32_t attached(std::uint32_t step) {
    return StateDetail{{}, StepId{step}, false}.pack();
}

/// The function that a callable comes down to: partials are looked through.
PyRef functionIn(PyObject* callable) {
    cpython.incRef(callable);
    PyRef function(callable);
    for (int depth = 0; depth < 8; ++depth) {
        if (attribute(function.get(), "__code__")) {
            break;
        }
        PyRef inner = attribute(function.get(), "func"); // functools.partial
        if (!inner) {
            inner = attribute(function.get(), "__wrapped__");
        }
        if (!inner) {
            break;
        }
        function = static_cast<PyRef&&>(inner);
    }
    return function;
}

PyRef nameOfFunction(PyObject* function) {
    PyRef name = attribute(function, "__qualname__");
    if (textOf(name.get()).empty()) {
        const PyRef type(cpython.typeOf(function));
        name = attribute(type.get(), "__qualname__");
    }
    return name;
}

/// How a future of concurrent.futures ended.
State endOf(PyObject* future) {
    const PyRef state = attribute(future, names.state);
    const std::string_view text = textOf(state.get());
    if (text.size() >= 9 && std::memcmp(text.data(), "CANCELLED", 9) == 0) {
        return State::Cancelled;
    }
    const PyRef exception = attribute(future, names.exception);
    return exception && exception.get() != cpython.none ? State::Failed : State::Done;
}

// A future's callback when it is done.
PyObject* itemDone(PyObject* /*self*/, PyObject* future) {
    TaskEntry* entry = items.find(future);
    if (entry == nullptr) {
        return newNone();
    }
    const State end = endOf(future);
    // An item of a process pool ends where it runs; cancelled it never gets there, and one whose
    // process died neither.
    bool isOurs = !entry->isElsewhere || end == State::Cancelled;
    if (!isOurs && end == State::Failed) {
        const PyRef exception = attribute(future, names.exception);
        const PyRef type(cpython.typeOf(exception.get()));
        const PyRef name = attribute(type.get(), "__name__");
        isOurs = textOf(name.get()) == "BrokenProcessPool";
    }
    if (isOurs) {
        emit(kindOf(end), entry->number, detached());
    }
    items.remove(entry);
    return newNone();
}
constinit PyMethodDef itemDoneFunction = methodWithOne("item_done", itemDone);

bool watchEnd(PyObject* future) {
    const PyRef add = attribute(future, "add_done_callback");
    const PyRef callback(cpython.newFunction(&itemDoneFunction, nullptr, nullptr));
    PyObject* argument = callback.get();
    const PyRef done(add && callback ? callFast(add.get(), &argument, 1, nullptr) : nullptr);
    if (!done) {
        cpython.clearError();
        return false;
    }
    return true;
}

void queueItem(PyObject* future, PyObject* callable, std::string_view key, bool isElsewhere) {
    const PyRef function = functionIn(callable);
    const PyRef name = nameOfFunction(function.get());
    TaskEntry* entry = items.add(future);
    if (entry == nullptr) {
        return;
    }
    entry->isElsewhere = isElsewhere;
    entry->step = isElsewhere ? 0 : beginOfFunction(function.get());
    entry->number = nameItem(textOf(name.get()), key);
    emit(EventKind::Spawned, entry->number, currentTask.task);
    emit(kindOf(State::Queued), entry->number, detached());
    if (!watchEnd(future)) {
        items.remove(entry);
    }
}

// concurrent.futures.thread._WorkItem.__init__(self, future, fn, args, kwargs), from 3.14 on
// (self, future, (fn, args, kwargs))
PyObject* initItem(PyObject* self, PyObject* const* arguments, PySize count, PyObject* keywords) {
    PyObject* result = callWith(originalInit, {self}, arguments, count, keywords);
    if (result != nullptr && count >= 2 && !areItemsHidden && isRecording()) {
        PyObject* callable = arguments[1];
        PyObject* first = count == 2 ? cpython.tupleItem(callable, 0) : nullptr;
        if (first == nullptr) {
            cpython.clearError();
        } else {
            callable = first;
        }
        queueItem(arguments[0], callable, {}, false);
    }
    return result;
}

// concurrent.futures.thread._WorkItem.run(self), from 3.14 on (self, context)
PyObject* runItem(PyObject* self, PyObject* const* arguments, PySize count, PyObject* keywords) {
    TaskEntry* entry = nullptr;
    if (isRecording()) {
        const PyRef future = attribute(self, names.future);
        entry = future ? items.find(future.get()) : nullptr;
    }
    if (entry == nullptr) {
        return callWith(originalRun, {self}, arguments, count, keywords);
    }
    const CurrentTask outer = currentTask;
    const std::uint32_t pid = recorder.pid;
    currentTask = {entry->number, entry->step, false, 0};
    emit(kindOf(State::Running), entry->number, attached(entry->step));
    PyObject* result = callWith(originalRun, {self}, arguments, count, keywords);
    if (recorder.pid == pid) { // else this is a forked child
        currentTask = outer;
    }
    return result;
}

void nameThisThread(std::string_view name) {
    threadName.bytes = name.size() < sizeof threadName.text ? name.size() : sizeof threadName.text;
    std::memcpy(threadName.text, name.data(), threadName.bytes);
    openThreadStream();
    emitText(EventKind::ThreadNamed, currentTid(), name);
}

// threading.Thread._set_ident(self): a thread's first act
PyObject* setIdent(PyObject* self, PyObject* /*unused*/) {
    PyObject* result = callFast(originalSetIdent, &self, 1, nullptr);
    if (result != nullptr && isRecording()) {
        const PyRef name = attribute(self, names.threadName);
        nameThisThread(textOf(name.get()));
    }
    return result;
}

// The setter of threading.Thread.name: set_name(thread, name)
PyObject* setThreadName(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    PyObject* result = callFast(originalSetName, arguments, count, nullptr);
    if (result != nullptr && count == 2 && isRecording()) {
        const PyRef name = attribute(arguments[0], names.threadName);
        const PyRef tid = attribute(arguments[0], "_native_id");
        if (tid && tid.get() != cpython.none) {
            const auto number = static_cast<std::uint32_t>(cpython.asLong(tid.get()));
            if (number == currentTid()) {
                nameThisThread(textOf(name.get()));
            } else {
                emitText(EventKind::ThreadNamed, number, textOf(name.get()));
            }
        }
        cpython.clearError();
    }
    return result;
}

// A forked child's only thread is called as in its parent.
PyObject* nameForkedThread(PyObject* /*self*/, PyObject* /*unused*/) {
    if (isRecording() && threadName.bytes != 0) {
        openThreadStream();
        emitText(EventKind::ThreadNamed, currentTid(), threadName.text, threadName.bytes);
    }
    return newNone();
}

/// Parts of an item of a process pool as the bootstrap gives them: callable, key.
PyObject* startItem(PyObject* callable, PyObject* key) {
    const PyRef function = functionIn(callable);
    const PyRef name = nameOfFunction(function.get());
    const std::uint32_t number = nameItem(textOf(name.get()), textOf(key));
    currentTask = {number, beginOfFunction(function.get()), false, 0};
    emit(kindOf(State::Running), number, attached(currentTask.step));
    return cpython.newLong(static_cast<long>(number));
}

void endItem(std::uint32_t number, bool hasFailed) {
    if (number != 0 && currentTask.task == number) {
        emit(kindOf(hasFailed ? State::Failed : State::Done), number, detached());
        currentTask = {};
    }
}

// queue_item(future, callable, key): a process pool's, which runs elsewhere
PyObject* queueItemElsewhere(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    if (count == 3 && isRecording()) {
        queueItem(arguments[0], arguments[1], textOf(arguments[2]), true);
    }
    return newNone();
}

// queue_item_of(callable, key): one that has no future of concurrent.futures
PyObject* queueItemOf(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    if (count == 2 && isRecording()) {
        const PyRef function = functionIn(arguments[0]);
        const PyRef name = nameOfFunction(function.get());
        const std::uint32_t number = nameItem(textOf(name.get()), textOf(arguments[1]));
        emit(EventKind::Spawned, number, currentTask.task);
        emit(kindOf(State::Queued), number, detached());
    }
    return newNone();
}

// start_item(callable, key) -> number
PyObject* startItemHere(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    if (count != 2 || !isRecording()) {
        return cpython.newLong(0);
    }
    return startItem(arguments[0], arguments[1]);
}

// end_item(number, has_failed)
PyObject* endItemHere(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    if (count == 2) {
        endItem(static_cast<std::uint32_t>(cpython.asLong(arguments[0])),
                cpython.isTrue(arguments[1]) == 1);
        cpython.clearError();
    }
    return newNone();
}

// What multiprocessing.Pool calls instead of a function: self is (function, named, key).
PyObject* callItem(PyObject* self, PyObject* const* arguments, PySize count, PyObject* keywords) {
    PyObject* const function = cpython.tupleItem(self, 0);
    if (!isRecording()) {
        return callFast(function, arguments, count, keywords);
    }
    const CurrentTask outer = currentTask;
    const PyRef made(startItem(cpython.tupleItem(self, 1), cpython.tupleItem(self, 2)));
    const std::uint32_t number = currentTask.task;
    PyObject* result = callFast(function, arguments, count, keywords);
    endItem(number, result == nullptr);
    currentTask = outer;
    return result;
}
constinit PyMethodDef callItemFunction = methodWithKeywords("pool_item", callItem);

// item_caller((function, named, key)) -> callable
PyObject* makeItemCaller(PyObject* /*self*/, PyObject* parts) {
    return cpython.newFunction(&callItemFunction, parts, nullptr);
}

constinit PyMethodDef initItemMethod = methodWithKeywords("__init__", initItem);
constinit PyMethodDef runItemMethod = methodWithKeywords("run", runItem);
constinit PyMethodDef setIdentMethod = methodWithNothing("_set_ident", setIdent);

// hook_threads(Thread)
PyObject* hookThreads(PyObject* /*self*/, PyObject* type) {
    replaceMethod(type, setIdentMethod, originalSetIdent);
    return newNone();
}

constinit PyMethodDef setThreadNameFunction = methodWithSome("name", setThreadName);

// name_setter(setter) -> a setter that records the name too
PyObject* makeNameSetter(PyObject* /*self*/, PyObject* setter) {
    cpython.incRef(setter);
    originalSetName = setter;
    return cpython.newFunction(&setThreadNameFunction, nullptr, nullptr);
}

// hook_thread_items(_WorkItem)
PyObject* hookThreadItems(PyObject* /*self*/, PyObject* type) {
    if (replaceMethod(type, initItemMethod, originalInit)) {
        replaceMethod(type, runItemMethod, originalRun);
    }
    return newNone();
}

// name_thread(text): the calling thread
PyObject* nameThread(PyObject* /*self*/, PyObject* text) {
    if (isRecording()) {
        nameThisThread(textOf(text));
    }
    return newNone();
}

constinit PyMethodDef functions[] = {
    methodWithOne("hook_threads", hookThreads),
    methodWithOne("name_setter", makeNameSetter),
    methodWithOne("name_thread", nameThread),
    methodWithNothing("name_forked_thread", nameForkedThread),
    methodWithOne("hook_thread_items", hookThreadItems),
    methodWithSome("queue_item", queueItemElsewhere),
    methodWithSome("queue_item_of", queueItemOf),
    methodWithSome("start_item", startItemHere),
    methodWithSome("end_item", endItemHere),
    methodWithOne("item_caller", makeItemCaller),
};

} // namespace

void addExecutorFunctions(PyObject* module) {
    names = {cpython.internText("future"), cpython.internText("_state"),
             cpython.internText("_exception"), cpython.internText("_name")};
    for (PyMethodDef& method : functions) {
        addFunction(module, method);
    }
}

void forgetItems() {
    items.reset();
}

} // namespace interleave::agent
