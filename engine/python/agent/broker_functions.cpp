// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/broker_functions.h"

#include "engine/base/state.h"
#include "engine/python/agent/arguments.h"
#include "engine/python/agent/bootstrap_source.h"
#include "engine/python/agent/current_task.h"
#include "engine/python/agent/emit.h"
#include "engine/python/agent/executor_hooks.h"
#include "engine/python/agent/private_module.h"
#include "engine/python/agent/text_line.h"

#include <cstring>

namespace interleave::agent {

using namespace record;

namespace {

using Line = TextLine<480>;
constexpr std::size_t kLongestPart = 200;

std::string_view shortened(std::string_view text) {
    return {text.data(), text.size() < kLongestPart ? text.size() : kLongestPart};
}

PyObject* number(std::uint32_t value) {
    return cpython.newLong(static_cast<long>(value));
}

// name_task(name, group, key) -> number
PyObject* nameBrokerTask(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    if (count != 3) {
        return wrongUse("name_task(name, group, key)");
    }
    Line line;
    line.add(shortened(textOf(arguments[0]))).addZero();
    // The key last and whole as far as there is room: it tells tasks apart.
    line.add(shortened(textOf(arguments[1]))).addZero().add(textOf(arguments[2]));
    return number(isRecording() ? nameTask(line.data(), line.size()) : 0);
}

// name_message(key) -> number
PyObject* nameBrokerMessage(PyObject* /*self*/, PyObject* key) {
    const std::string_view text = textOf(key);
    return number(isRecording() ? nameMessage(text.data(), text.size()) : 0);
}

// name_object(kind, name) -> number
PyObject* nameBrokerObject(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    if (count != 2) {
        return wrongUse("name_object(kind, name)");
    }
    Line kind;
    Line name;
    kind.add(shortened(textOf(arguments[0]))).addZero();
    name.add(shortened(textOf(arguments[1]))).addZero();
    return number(isRecording() ? nameObject(kind.data(), name.data()) : 0);
}

// name_step(text) -> number
PyObject* nameBrokerStep(PyObject* /*self*/, PyObject* text) {
    const std::string_view name = shortened(textOf(text));
    return number(isRecording() ? nameStep(name.data(), name.size()) : 0);
}

// run_task(task, step) -> the task that this thread was in
PyObject* runTask(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    std::uint32_t n[2] = {};
    if (!readNumbers(arguments, count, 2, 2, n)) {
        return wrongUse("run_task(task, step)");
    }
    const std::uint32_t outer = currentTask.task;
    currentTask = {n[0], n[1], false, 0};
    emit(kindOf(State::Running), n[0], StateDetail{{}, StepId{n[1] & kMaxSteps}, false}.pack());
    return number(outer);
}

// leave_task(outer): this thread is back in what it was in
PyObject* leaveTask(PyObject* /*self*/, PyObject* outer) {
    const long task = cpython.asLong(outer);
    cpython.clearError();
    currentTask = {task > 0 ? static_cast<std::uint32_t>(task) : 0, 0, false, 0};
    return newNone();
}

// current_task() -> number
PyObject* tellCurrentTask(PyObject* /*self*/, PyObject* /*unused*/) {
    return number(currentTask.task);
}

// message_delivered(message, queue[, redelivered])
PyObject* delivered(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    std::uint32_t n[3] = {};
    if (!readNumbers(arguments, count, 2, 3, n)) {
        return wrongUse("message_delivered(message, queue[, redelivered])");
    }
    emit(EventKind::MessageDelivered, n[0], n[1] | (n[2] != 0 ? kRedelivered : 0));
    return newNone();
}

// bound(exchange, queue, key)
PyObject* bound(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    std::uint32_t n[2] = {};
    if (count != 3 || !readNumbers(arguments, 2, 2, 2, n)) {
        return wrongUse("bound(exchange, queue, key)");
    }
    emitText(EventKind::Bound, (n[0] & kMaxObjects) | n[1] << 16, shortened(textOf(arguments[2])));
    return newNone();
}

// consumer_ended(queue)
PyObject* consumerEnded(PyObject* /*self*/, PyObject* queue) {
    const long object = cpython.asLong(queue);
    cpython.clearError();
    emit(EventKind::ConsumerEnded, 0, static_cast<std::uint32_t>(object));
    return newNone();
}

// hide_items(flag): items of thread pools that this thread makes from now on aren't recorded
PyObject* hideItems(PyObject* /*self*/, PyObject* flag) {
    areItemsHidden = cpython.isTrue(flag) == 1;
    cpython.clearError();
    return newNone();
}

// source(name) -> text: Python sources that are run when their library is imported
PyObject* hookSource(PyObject* /*self*/, PyObject* name) {
    const std::string_view wanted = textOf(name);
    for (const HookSource& source : kHookSources) {
        if (wanted == source.name) {
            return cpython.newText(source.text, static_cast<PySize>(std::strlen(source.text)));
        }
    }
    return newNone();
}

/// Drops what a hook raised: it belongs to nobody.
PyRef callHook(PyObject* hook, std::initializer_list<PyObject*> first, PyObject* const* arguments,
               PySize count, PyObject* keywords) {
    PyRef result(callWith(hook, first, arguments, count, keywords));
    if (!result) {
        cpython.clearError();
    }
    return result;
}

// What around() puts in a function's place: self is (function, before, after).
PyObject* callBetween(PyObject* self, PyObject* const* arguments, PySize count,
                      PyObject* keywords) {
    PyObject* const function = cpython.tupleItem(self, 0);
    if (!isRecording()) {
        return callFast(function, arguments, count, keywords);
    }
    const PyRef token = callHook(cpython.tupleItem(self, 1), {}, arguments, count, keywords);
    PyObject* const result = callFast(function, arguments, count, keywords);
    if (token && token.get() != cpython.none) {
        const KeptError keep;
        const PyRef failed(cpython.newBool(result == nullptr ? 1 : 0));
        PyObject* const shown = result == nullptr ? cpython.none : result;
        callHook(cpython.tupleItem(self, 2), {token.get(), shown, failed.get()}, nullptr, 0,
                 nullptr);
    }
    return result;
}
constinit PyMethodDef betweenFunction = methodWithKeywords("between", callBetween);

// around((function, before, after)) -> a function that calls before(arguments...), the function,
// and, unless before() gave None, after(what before gave, result, whether it raised).
PyObject* makeAround(PyObject* /*self*/, PyObject* parts) {
    if (cpython.tupleSize(parts) != 3) {
        return wrongUse("around((function, before, after))");
    }
    return cpython.newFunction(&betweenFunction, parts, nullptr);
}

// method_around((function, before, after)): the same, to be a class' attribute
PyObject* makeMethodAround(PyObject* self, PyObject* parts) {
    const PyRef function(makeAround(self, parts));
    if (!function || cpython.newInstanceMethod == nullptr) {
        return function ? wrongUse("this Python has no PyInstanceMethod_New") : nullptr;
    }
    return cpython.newInstanceMethod(function.get());
}

constinit PyMethodDef functions[] = {
    methodWithSome("name_task", nameBrokerTask),
    methodWithOne("name_message", nameBrokerMessage),
    methodWithSome("name_object", nameBrokerObject),
    methodWithOne("name_step", nameBrokerStep),
    methodWithSome("run_task", runTask),
    methodWithOne("leave_task", leaveTask),
    methodWithNothing("current_task", tellCurrentTask),
    methodWithSome("message_published", emitPair<EventKind::MessagePublished>),
    methodWithSome("message_routed", emitPair<EventKind::MessageRouted>),
    methodWithSome("message_delivered", delivered),
    methodWithSome("message_acked", emitPair<EventKind::MessageAcked>),
    methodWithSome("message_requeued", emitPair<EventKind::MessageRequeued>),
    methodWithSome("message_rejected", emitPair<EventKind::MessageRejected>),
    methodWithSome("message_expired", emitPair<EventKind::MessageExpired>),
    methodWithSome("message_overflowed", emitPair<EventKind::MessageOverflowed>),
    methodWithSome("message_dead_lettered", emitPair<EventKind::MessageDeadLettered>),
    methodWithSome("message_unroutable", emitPair<EventKind::MessageUnroutable>),
    methodWithSome("message_confirmed", emitPair<EventKind::MessageConfirmed>),
    methodWithSome("message_carries", emitPair<EventKind::MessageCarries>),
    methodWithSome("consumer_began", emitPair<EventKind::ConsumerBegan>),
    methodWithOne("consumer_ended", consumerEnded),
    methodWithSome("bound", bound),
    methodWithOne("hide_items", hideItems),
    methodWithOne("source", hookSource),
    methodWithOne("around", makeAround),
    methodWithOne("method_around", makeMethodAround),
};

} // namespace

void addBrokerFunctions(PyObject* module) {
    for (PyMethodDef& method : functions) {
        addFunction(module, method);
    }
}

} // namespace interleave::agent
