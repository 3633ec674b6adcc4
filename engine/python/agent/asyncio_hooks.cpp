// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/asyncio_hooks.h"

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

constinit thread_local CurrentTask currentTask;

namespace {

/// What a callback of a loop does to a task.
enum class Callback : std::uint8_t {
    Other,
    Step,   // its first step, or one after a bare yield
    WakeUp, // what it awaited is done
};

/// A create_task() under way whose task may run its first step within it (3.12's eager tasks).
struct EagerCreation {
    PyObject* coroutine;
    std::uint32_t number; // of the task to be
    CurrentTask creator;
    EagerCreation* outer;
    bool isYielding; // it ran, and has asked its loop for another step
};

constexpr int kMaxTypes = 8;
constexpr int kMaxForeignLoops = 4;
constexpr double kBlockedStepNs = 20e6;

struct Names {
    PyObject* self;
    PyObject* callback;
    PyObject* when;
    PyObject* coroutine;
    PyObject* awaited;
    PyObject* state;
    PyObject* exception;
    PyObject* taskFactory;
    PyObject* isSuspended;
    PyObject* getName;
};

struct Originals {
    PyObject* runHandle;
    PyObject* callSoon;
    PyObject* createTask;
    PyObject* setRunningLoop;
    PyObject* foreignCallSoon[kMaxForeignLoops];
    PyObject* pythonStep; // of asyncio's task class that is written in Python
    PyObject* pythonWakeUp;
    PyObject* taskTypes[2]; // in C and in Python
    PyObject* timerHandle;
    PyObject* noticeLoop; // the bootstrap's, for a loop whose class is new
    PyObject* runForeign; // our own function, a Python object
};

constinit Names names{};
constinit Originals originals{};
constinit TaskTable tasks;
constinit std::uint32_t generation = 0; // counts forks
constinit const PyObject* stepType = nullptr;
constinit const PyObject* wakeUpType = nullptr; // 3.8's; later it is a builtin function
constinit PyFunction wakeUpFunction = nullptr;
constinit const PyObject* knownTaskTypes[kMaxTypes] = {};
constinit int knownTaskTypeCount = 0;
constinit const PyObject* otherTypes[kMaxTypes] = {}; // seen, and not a task's
constinit int otherTypeCount = 0;
constinit const PyObject* lastLoopType = nullptr;
constinit int foreignLoopCount = 0;
constinit thread_local std::uint64_t timerDue = 0; // stamp, while a timer's callback runs
constinit thread_local EagerCreation* creation = nullptr;

/// The main thread's step that was away for long.
struct BlockedStep {
    std::uint32_t task = 0;
    std::uint64_t since = 0; // stamp
};
constinit thread_local BlockedStep blockedStep;

std::uint32_t detached(std::uint32_t step = 0) {
    return StateDetail{{}, StepId{step}, true}.pack();
}
std::uint32_t attached(std::uint32_t step) {
    return StateDetail{{}, StepId{step}, false}.pack();
}

bool isOneOf(const PyObject* type, const PyObject* const* types, int count) {
    for (int i = 0; i < count; ++i) {
        if (types[i] == type) {
            return true;
        }
    }
    return false;
}

void remember(const PyObject* type, const PyObject** types, int& count) {
    if (count < kMaxTypes) {
        cpython.incRef(const_cast<PyObject*>(type)); // so that its address stays its own
        types[count++] = type;
    }
}

/// Whether a class is a task's: asyncio's or derived from it.
bool isTaskType(const PyObject* type) {
    if (isOneOf(type, knownTaskTypes, knownTaskTypeCount)) [[likely]] {
        return true;
    }
    if (isOneOf(type, otherTypes, otherTypeCount)) {
        return false;
    }
    for (PyObject* base : originals.taskTypes) {
        if (base != nullptr && cpython.isSubtype(const_cast<PyObject*>(type), base) != 0) {
            remember(type, knownTaskTypes, knownTaskTypeCount);
            return true;
        }
    }
    remember(type, otherTypes, otherTypeCount);
    return false;
}

/// Classes of callbacks that are seen for the first time.
void learnCallbackType(const PyObject* type) {
    const PyRef name = attribute(const_cast<PyObject*>(type), "__name__");
    const std::string_view text = textOf(name.get());
    if (text == "TaskStepMethWrapper") {
        stepType = type;
    } else if (text == "TaskWakeupMethWrapper") {
        wakeUpType = type;
    } else {
        remember(type, otherTypes, otherTypeCount);
    }
}

bool isWakeUp(PyObject* builtinFunction) {
    const PyFunction function = cpython.functionOf(builtinFunction);
    if (wakeUpFunction != nullptr) {
        return function == wakeUpFunction;
    }
    const PyRef name = attribute(builtinFunction, "__name__");
    const std::string_view text = textOf(name.get());
    if (text == "task_wakeup" || text == "TaskWakeupMethWrapper") {
        wakeUpFunction = function;
        return true;
    }
    return false;
}

/// The task whose step a callback is.
PyRef taskOf(PyObject* callback, Callback& kind) {
    const PyObject* type = typeOf(callback);
    if (type == stepType || type == wakeUpType) {
        kind = type == stepType ? Callback::Step : Callback::WakeUp;
        PyRef task = attribute(callback, names.self);
        return task && isTaskType(typeOf(task.get())) ? static_cast<PyRef&&>(task) : PyRef();
    }
    if (type == cpython.builtinFunctionType) {
        PyObject* self = cpython.selfOf(callback);
        if (self != nullptr && isTaskType(typeOf(self)) && isWakeUp(callback)) {
            kind = Callback::WakeUp;
            cpython.incRef(self);
            return PyRef(self);
        }
        return PyRef();
    }
    if (type == cpython.boundMethodType) {
        PyObject* function = cpython.methodFunction(callback);
        if (function != nullptr &&
            (function == originals.pythonStep || function == originals.pythonWakeUp)) {
            kind = function == originals.pythonStep ? Callback::Step : Callback::WakeUp;
            PyObject* self = cpython.methodSelf(callback);
            cpython.incRef(self);
            return PyRef(self);
        }
        return PyRef();
    }
    if ((stepType == nullptr || wakeUpType == nullptr) &&
        !isOneOf(type, otherTypes, otherTypeCount) && otherTypeCount < kMaxTypes) {
        learnCallbackType(type);
        if (type == stepType || type == wakeUpType) {
            return taskOf(callback, kind);
        }
    }
    return PyRef();
}

/// Names a task that has no number yet, or whose name is another now.
void nameAsyncioTask(TaskEntry& entry, PyObject* task) {
    PyRef name;
    const PyRef getName = attribute(task, names.getName);
    if (getName) {
        name = PyRef(callFast(getName.get(), nullptr, 0, nullptr));
        if (!name) {
            cpython.clearError();
        }
    }
    const std::uint32_t hash = hashOfName(textOf(name.get()));
    if (entry.number != 0 && hash == entry.nameHash) {
        return;
    }
    entry.nameHash = hash;
    PyRef function;
    if (entry.coroutine != nullptr) {
        function = attribute(entry.coroutine, "__qualname__");
    }
    entry.number = nameAsyncio(entry.number, textOf(name.get()), textOf(function.get()));
}

/// The eager creation whose task has this coroutine.
EagerCreation* creationOf(const PyObject* coroutine) {
    EagerCreation* found = creation;
    while (found != nullptr && found->coroutine != coroutine) {
        found = found->outer;
    }
    return found;
}

/// `coroutine`: null asks the task, which only one that is pending may be.
TaskEntry* addTask(PyObject* task, PyObject* coroutine = nullptr) {
    TaskEntry* entry = tasks.add(task);
    if (entry == nullptr) {
        return nullptr;
    }
    PyRef asked;
    if (coroutine == nullptr) {
        asked = attribute(task, names.coroutine);
        coroutine = asked.get() == cpython.none ? nullptr : asked.get();
    }
    entry->coroutine = coroutine; // the task holds it while it is pending
    if (coroutine != nullptr) {
        entry->step = beginOf(coroutine);
    }
    if (const EagerCreation* eager = creationOf(coroutine)) {
        entry->number = eager->number;
    }
    nameAsyncioTask(*entry, task);
    return entry;
}

void addSpawned(PyObject* task) {
    TaskEntry* entry = addTask(task);
    if (entry == nullptr) {
        return;
    }
    EagerCreation* eager = creation == nullptr ? nullptr : creationOf(entry->coroutine);
    if (eager != nullptr) {
        const PyRef suspended = attribute(entry->coroutine, names.isSuspended);
        if (suspended && cpython.isTrue(suspended.get()) == 1) {
            eager->isYielding = true; // createTask() says the rest
            entry->isReadyAgain = true;
            entry->isRunning = true;
            return;
        }
    }
    emit(EventKind::Spawned, entry->number,
         eager != nullptr ? eager->creator.task : currentTask.task);
    entry->suspendedAt = stampNow();
    entry->state = State::Ready;
    emitAt(entry->suspendedAt, kindOf(State::Ready), entry->number, detached(entry->step));
}

/// A loop is asked to run a task's next step.
void makeReady(PyObject* task, Callback kind) {
    TaskEntry* entry = tasks.find(task);
    if (entry != nullptr && entry->isRunning) {
        entry->isReadyAgain = true; // said at the step's end
        return;
    }
    if (kind == Callback::Step) {
        // A step that isn't asked for within one of its own is a task's first.
        addSpawned(task);
        return;
    }
    if (entry == nullptr) {
        entry = addTask(task); // it began before its loop was hooked
        if (entry == nullptr) {
            return;
        }
        entry->hasBegun = true;
        entry->state = State::Suspended;
    }
    if (entry->state == State::Ready) {
        return;
    }
    std::uint64_t stamp = stampNow();
    if (timerDue != 0 && timerDue < stamp) {
        // It was due while the loop was busy, and could have run since.
        stamp = timerDue > entry->suspendedAt ? timerDue : entry->suspendedAt;
    }
    if (currentTask.task != 0) {
        emit(EventKind::Woken, entry->number, currentTask.task);
    }
    entry->state = State::Ready;
    emitAt(stamp, kindOf(State::Ready), entry->number, detached(entry->step));
}

/// How a task ended that is pending no more.
State endOf(PyObject* task) {
    const PyRef state = attribute(task, names.state);
    if (textOf(state.get()) == "CANCELLED") {
        return State::Cancelled;
    }
    const PyRef exception = attribute(task, names.exception);
    return exception && exception.get() != cpython.none ? State::Failed : State::Done;
}

void suspend(TaskEntry& entry, bool isReady) {
    Suspension found;
    if (entry.coroutine != nullptr) {
        found = suspensionOf(entry.coroutine);
    }
    entry.step = found.step;
    entry.state = isReady ? State::Ready : found.state;
    entry.suspendedAt = stampNow();
    emitAt(entry.suspendedAt, kindOf(entry.state), entry.number, detached(found.step));
}

/// What a step leaves behind. The stamp of its end is as early as can be.
void leaveStep(TaskEntry* entry, PyObject* task) {
    entry->isRunning = false;
    if (entry->isReadyAgain) {
        entry->isReadyAgain = false;
        suspend(*entry, true);
        return;
    }
    const PyRef awaited = attribute(task, names.awaited);
    if (awaited && awaited.get() != cpython.none) {
        suspend(*entry, false);
        return;
    }
    const std::uint64_t stamp = stampNow();
    const State end = endOf(task);
    entry->coroutine = nullptr; // it may be gone
    nameAsyncioTask(*entry, task);
    emitAt(stamp, kindOf(end), entry->number, detached());
    tasks.remove(entry);
}

/// One step of a task, from its begin to its end.
class Step {
public:
    explicit Step(PyObject* task)
        : m_task(task)
        , m_outer(currentTask)
        , m_generation(generation) {
        m_entry = tasks.find(task);
        if (m_entry == nullptr) {
            m_entry = addTask(task); // it was made before the hooks were there
        }
        if (m_entry == nullptr) {
            return;
        }
        if (!m_entry->hasBegun) {
            // Its name may have been set right after its creation.
            m_entry->hasBegun = true;
            nameAsyncioTask(*m_entry, task);
        }
        m_entry->isRunning = true;
        m_entry->state = State::Running;
        currentTask = {m_entry->number, m_entry->step, true, 0};
        emit(kindOf(State::Running), m_entry->number, attached(m_entry->step));
    }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    /// With the program's exception set, if its callback raised.
    ~Step() {
        if (generation != m_generation) {
            return; // this is a forked child, where nothing of it is known
        }
        if (m_entry != nullptr) {
            const KeptError keep;
            leaveStep(m_entry, m_task);
        }
        currentTask = m_outer;
    }

private:
    PyObject* m_task;
    TaskEntry* m_entry = nullptr;
    CurrentTask m_outer;
    std::uint32_t m_generation;
};

/// In the unit of stamps.
double ticksOf(double ns) {
    return recorder.clock == ClockKind::Tsc && recorder.runner != nullptr
               ? ns / recorder.runner->nsPerTick
               : ns;
}

/// The stamp of a moment of the loop's clock, which is time.monotonic() in seconds.
std::uint64_t stampOfLoopTime(double seconds) {
    const double ahead = ticksOf(seconds * 1e9 - static_cast<double>(monotonicNow()));
    const double stamp = static_cast<double>(stampNow()) + ahead;
    return stamp <= 1 ? 1 : static_cast<std::uint64_t>(stamp);
}

// asyncio.events.Handle._run(self)
PyObject* runHandle(PyObject* self, PyObject* /*unused*/) {
    if (!isRecording()) {
        return callFast(originals.runHandle, &self, 1, nullptr);
    }
    const PyRef callback = attribute(self, names.callback);
    if (callback) [[likely]] {
        Callback kind = Callback::Other;
        const PyRef task = taskOf(callback.get(), kind);
        if (task) {
            const Step step(task.get());
            return callFast(originals.runHandle, &self, 1, nullptr);
        }
        if (typeOf(self) == originals.timerHandle) {
            const PyRef when = attribute(self, names.when);
            timerDue = when ? stampOfLoopTime(cpython.asDouble(when.get())) : 0;
            if (cpython.errorSet() != nullptr) {
                cpython.clearError();
                timerDue = 0;
            }
            PyObject* result = callFast(originals.runHandle, &self, 1, nullptr);
            timerDue = 0;
            return result;
        }
    }
    return callFast(originals.runHandle, &self, 1, nullptr);
}

// asyncio.base_events.BaseEventLoop.call_soon(self, callback, *args, context=None)
PyObject* callSoon(PyObject* self, PyObject* const* arguments, PySize count, PyObject* keywords) {
    if (count > 0 && isRecording()) {
        Callback kind = Callback::Other;
        const PyRef task = taskOf(arguments[0], kind);
        if (task) {
            makeReady(task.get(), kind);
        }
    }
    return callWith(originals.callSoon, {self}, arguments, count, keywords);
}

// What a loop with handles of its own calls instead of a task's callback: runForeign(callback, ...)
PyObject* runForeign(PyObject* /*self*/, PyObject* const* arguments, PySize count,
                     PyObject* keywords) {
    if (count < 1) {
        cpython.setError(cpython.typeError, "a callback is missing");
        return nullptr;
    }
    PyRef task;
    if (isRecording()) {
        Callback kind = Callback::Other;
        task = taskOf(arguments[0], kind);
    }
    if (!task) {
        return callFast(arguments[0], arguments + 1, count - 1, keywords);
    }
    const Step step(task.get());
    return callFast(arguments[0], arguments + 1, count - 1, keywords);
}

template <int kIndex>
PyObject* callSoonForeign(PyObject* self, PyObject* const* arguments, PySize count,
                          PyObject* keywords) {
    PyObject* const original = originals.foreignCallSoon[kIndex];
    if (count > 0 && isRecording()) {
        Callback kind = Callback::Other;
        const PyRef task = taskOf(arguments[0], kind);
        if (task) {
            makeReady(task.get(), kind);
            return callWith(original, {self, originals.runForeign}, arguments, count, keywords);
        }
    }
    return callWith(original, {self}, arguments, count, keywords);
}

/// Whether a loop runs the first step of its tasks at once.
bool mayBeEager(PyObject* loop, PyObject* keywords) {
    const PyRef factory = attribute(loop, names.taskFactory);
    if (factory && factory.get() != cpython.none) {
        return true;
    }
    const PySize count = keywords == nullptr ? 0 : cpython.tupleSize(keywords);
    for (PySize i = 0; i < count; ++i) {
        if (textOf(cpython.tupleItem(keywords, i)) == "eager_start") {
            return true;
        }
    }
    return false;
}

/// Records that a task ran its first step within create_task(), between `begin` and now. Its
/// creator's step was interrupted meanwhile.
void recordEager(TaskEntry* entry, PyObject* task, const CurrentTask& creator,
                 std::uint64_t begin) {
    emitAt(begin, EventKind::Spawned, entry->number, creator.task);
    if (creator.isLoopStep) {
        emitAt(begin, kindOf(State::Ready), creator.task, detached(creator.step));
    }
    emitAt(begin, kindOf(State::Running), entry->number, attached(entry->step));
    entry->hasBegun = true;
    leaveStep(entry, task);
    if (creator.isLoopStep) {
        emit(kindOf(State::Running), creator.task, attached(creator.step));
    }
}

// asyncio.base_events.BaseEventLoop.create_task(self, coro, **options), from 3.12 on
PyObject* createTask(PyObject* self, PyObject* const* arguments, PySize count, PyObject* keywords) {
    if (count < 1 || !isRecording() || !mayBeEager(self, keywords)) {
        return callWith(originals.createTask, {self}, arguments, count, keywords);
    }
    PyObject* const coroutine = arguments[0];
    const std::uint32_t begunIn = generation;
    const std::uint64_t begin = stampNow();
    const PyRef function = attribute(coroutine, "__qualname__");
    EagerCreation eager{coroutine, nameAsyncio(0, {}, textOf(function.get())), currentTask,
                        creation, false};
    creation = &eager;
    currentTask = {eager.number, beginOf(coroutine), true, 0};
    PyObject* task = callWith(originals.createTask, {self}, arguments, count, keywords);
    if (generation != begunIn) {
        return task;
    }
    currentTask = eager.creator;
    if (task != nullptr && isTaskType(typeOf(task))) {
        const KeptError keep;
        TaskEntry* entry = tasks.find(task);
        if (entry == nullptr || entry->number != eager.number) {
            // Nobody has asked a loop to run it: it ran at once, and is done or awaits something.
            entry = addTask(task, coroutine);
            eager.isYielding = true;
        }
        if (entry != nullptr && eager.isYielding) {
            recordEager(entry, task, eager.creator, begin);
        }
    }
    creation = eager.outer;
    return task;
}

// asyncio.events._set_running_loop(loop)
PyObject* setRunningLoop(PyObject* /*self*/, PyObject* loop) {
    if (loop != cpython.none && typeOf(loop) != lastLoopType && originals.noticeLoop != nullptr) {
        lastLoopType = typeOf(loop);
        const PyRef done(callFast(originals.noticeLoop, &loop, 1, nullptr));
        if (!done) {
            cpython.clearError();
        }
    }
    return callFast(originals.setRunningLoop, &loop, 1, nullptr);
}

constinit PyMethodDef runHandleMethod = methodWithNothing("_run", runHandle, "_run($self)\n--\n\n");
constinit PyMethodDef callSoonMethod = methodWithKeywords(
    "call_soon", callSoon, "call_soon($self, callback, *args, context=None)\n--\n\n");
constinit PyMethodDef createTaskMethod =
    methodWithKeywords("create_task", createTask, "create_task($self, coro, **kwargs)\n--\n\n");
constinit PyMethodDef setRunningLoopFunction =
    methodWithOne("_set_running_loop", setRunningLoop, "_set_running_loop(loop, /)\n--\n\n");
constinit PyMethodDef runForeignFunction = methodWithKeywords("run_step", runForeign);
constinit PyMethodDef foreignMethods[kMaxForeignLoops] = {
    methodWithKeywords("call_soon", callSoonForeign<0>),
    methodWithKeywords("call_soon", callSoonForeign<1>),
    methodWithKeywords("call_soon", callSoonForeign<2>),
    methodWithKeywords("call_soon", callSoonForeign<3>),
};

// hook_asyncio(Handle, TimerHandle, BaseEventLoop, task class, task class in Python or None,
//              events, notice_loop)
PyObject* hookAsyncio(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    if (count != 7 || originals.runHandle != nullptr) {
        return newNone();
    }
    names = {cpython.internText("__self__"),     cpython.internText("_callback"),
             cpython.internText("_when"),        cpython.internText("_coro"),
             cpython.internText("_fut_waiter"),  cpython.internText("_state"),
             cpython.internText("_exception"),   cpython.internText("_task_factory"),
             cpython.internText("cr_suspended"), cpython.internText("get_name")};
    preparePlaces();
    detail::blockedStepTicks = static_cast<std::uint64_t>(ticksOf(kBlockedStepNs));
    for (int i = 0; i < 2; ++i) {
        PyObject* type = arguments[3 + i];
        if (type != cpython.none) {
            cpython.incRef(type);
            originals.taskTypes[i] = type;
        }
    }
    if (originals.taskTypes[1] != nullptr) {
        originals.pythonStep = attribute(arguments[4], "_Task__step").release();
        originals.pythonWakeUp = attribute(arguments[4], "_Task__wakeup").release();
    }
    cpython.incRef(arguments[1]);
    originals.timerHandle = arguments[1];
    cpython.incRef(arguments[6]);
    originals.noticeLoop = arguments[6];
    originals.runForeign = cpython.newFunction(&runForeignFunction, nullptr, nullptr);
    PyObject* const events = arguments[5];
    originals.setRunningLoop = attribute(events, "_set_running_loop").release();
    const PyRef ours(cpython.newFunction(&setRunningLoopFunction, nullptr, nullptr));
    if (ours && originals.setRunningLoop != nullptr) {
        cpython.setAttributeString(events, "_set_running_loop", ours.get());
    }
    replaceMethod(arguments[0], runHandleMethod, originals.runHandle);
    replaceMethod(arguments[2], callSoonMethod, originals.callSoon);
    if (cpython.minor >= 12) {
        replaceMethod(arguments[2], createTaskMethod, originals.createTask);
    }
    cpython.clearError();
    return newNone();
}

// hook_loop(class): one that isn't asyncio's own
PyObject* hookLoop(PyObject* /*self*/, PyObject* type) {
    if (foreignLoopCount < kMaxForeignLoops) {
        const int index = foreignLoopCount++;
        replaceMethod(type, foreignMethods[index], originals.foreignCallSoon[index]);
    }
    return newNone();
}

constinit PyMethodDef hookAsyncioFunction = methodWithSome("hook_asyncio", hookAsyncio);
constinit PyMethodDef hookLoopFunction = methodWithOne("hook_loop", hookLoop);

/// Runs in the main thread at its next chance: right after the call that blocked.
int recordBlockingLine(void* /*unused*/) {
    const BlockedStep blocked = blockedStep;
    blockedStep = {};
    if (blocked.task == 0 || blocked.task != currentTask.task || !currentTask.isLoopStep) {
        return 0; // its step is over
    }
    const KeptError keep;
    const std::uint32_t place = currentPlace();
    if (place != 0) {
        emitAt(blocked.since, kindOf(State::Running), blocked.task, attached(place));
        emit(kindOf(State::Running), blocked.task, attached(currentTask.step));
    }
    return 0;
}

} // namespace

namespace detail {

constinit std::uint64_t blockedStepTicks = 0;

/// The thread is about to take the GIL: no Python object may be touched here. A pending call may:
/// it is run when the call that blocked has returned, with its line still the current one. Only the
/// main thread runs them; other threads' steps get no line.
void noticeBlockedStep(std::uint64_t releasedAt) {
    if (cpython.addPendingCall == nullptr || !isRecording() || currentTid() != recorder.pid) {
        return;
    }
    const ErrnoGuard keep;
    blockedStep = {currentTask.task, releasedAt};
    cpython.addPendingCall(recordBlockingLine, nullptr);
}

} // namespace detail

void addAsyncioFunctions(PyObject* module) {
    addFunction(module, hookAsyncioFunction);
    addFunction(module, hookLoopFunction);
}

void forgetAsyncioTasks() {
    ++generation;
    tasks.reset();
    currentTask = {};
    blockedStep = {};
    timerDue = 0;
    creation = nullptr;
}

} // namespace interleave::agent
