// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/code_places.h"

#include "engine/python/agent/coroutine_layout.h"
#include "engine/python/agent/emit.h"
#include "engine/python/agent/gil_guard.h"
#include "engine/python/agent/text_line.h"

#include <cstdlib>
#include <cstring>

namespace interleave::agent {

namespace {

constexpr std::int32_t kWholeCode = -2; // what is known of a code object, not a place in it
constexpr std::int32_t kBegin = -3;
constexpr std::size_t kMaxPlaces = record::kMaxSteps;
constexpr std::size_t kCapacity = std::size_t{1} << 18; // 4 MiB of address space, used as needed
constexpr int kMaxDepth = 64;
constexpr long kCoroutineFlag = 0x80; // inspect.CO_COROUTINE

struct Place {
    const PyObject* code = nullptr;
    std::int32_t instruction = 0;
    std::uint16_t step = 0;
    State waitsIn = State::Suspended; // of a whole code
    bool isLibrary = false;           // of a whole code: asyncio's own
};
static_assert(sizeof(Place) == 16);

/// Coroutines, and generators that are used as such.
struct Kind {
    PyObject* frame; // names of attributes
    PyObject* code;
    PyObject* awaits;
    std::size_t objectBytes; // at least
    CoroutineLayout layout;
};

constinit Kind coroutines{};
constinit Kind generators{};
constinit PyObject* nameOfLastInstruction = nullptr;
constinit Place* places = nullptr;
constinit std::size_t placeCount = 0;
constinit ShortLock lock;

std::size_t hashOf(const PyObject* code, std::int32_t instruction) {
    const auto address = reinterpret_cast<std::uintptr_t>(code) >> 4;
    const auto key = address ^ static_cast<std::uintptr_t>(instruction) << 40;
    return static_cast<std::size_t>(key * 0x9e37'79b9'7f4a'7c15u >> 30) & (kCapacity - 1);
}

/// The place, or where it belongs (its code is null then). Null: no memory for places.
Place* slotOf(const PyObject* code, std::int32_t instruction) {
    if (places == nullptr) {
        places = static_cast<Place*>(std::calloc(kCapacity, sizeof(Place)));
        if (places == nullptr) {
            return nullptr;
        }
    }
    std::size_t index = hashOf(code, instruction);
    while (places[index].code != nullptr &&
           (places[index].code != code || places[index].instruction != instruction)) {
        index = (index + 1) & (kCapacity - 1);
    }
    return &places[index];
}

/// The rest from a position within the text (substr() would need the C++ library to throw).
std::string_view from(std::string_view text, std::size_t position) {
    text.remove_prefix(position);
    return text;
}
bool startsWith(std::string_view text, std::string_view begin) {
    return text.size() >= begin.size() && std::memcmp(text.data(), begin.data(), begin.size()) == 0;
}

/// The last two parts of a path: "asyncio/tasks.py".
std::string_view fileOfPackage(std::string_view path) {
    const std::size_t last = path.rfind('/');
    if (last == std::string_view::npos || last == 0) {
        return path;
    }
    const std::size_t before = path.rfind('/', last - 1);
    return from(path, before == std::string_view::npos ? 0 : before + 1);
}

std::string_view fileName(std::string_view path) {
    const std::size_t last = path.rfind('/');
    return last == std::string_view::npos ? path : from(path, last + 1);
}

/// What a coroutine of asyncio's own waits for where it is suspended.
State waitOf(std::string_view file, std::string_view function) {
    if (file == "tasks.py") {
        return function == "sleep" ? State::Sleeping : State::Suspended;
    }
    if (file == "locks.py") {
        return State::WaitingLock;
    }
    if (file == "queues.py") {
        return function == "put" ? State::Blocked : State::Suspended;
    }
    if (file == "streams.py" || file == "selector_events.py" || file == "proactor_events.py" ||
        file == "unix_events.py" || file == "sslproto.py" || file == "subprocess.py" ||
        file == "base_subprocess.py") {
        return State::WaitingIo;
    }
    return State::Suspended;
}

Place describe(PyObject* code) {
    Place whole;
    const PyRef path = attribute(code, "co_filename");
    const PyRef function = attribute(code, "co_name");
    const std::string_view file = fileOfPackage(textOf(path.get()));
    constexpr std::string_view kAsyncio = "asyncio/";
    if (startsWith(file, kAsyncio)) {
        whole.isLibrary = true;
        whole.waitsIn = waitOf(from(file, kAsyncio.size()), textOf(function.get()));
    }
    return whole;
}

/// What is known of a code object as a whole.
Place wholeOf(PyObject* code) {
    {
        const GilGuard guard(lock);
        const Place* slot = guard ? slotOf(code, kWholeCode) : nullptr;
        if (slot == nullptr || slot->code != nullptr) {
            return slot == nullptr ? Place{} : *slot;
        }
    }
    Place whole = describe(code); // may run Python code: without the lock
    const GilGuard guard(lock);
    Place* slot = guard ? slotOf(code, kWholeCode) : nullptr;
    if (slot != nullptr && slot->code == nullptr && placeCount < 2 * kMaxPlaces) {
        cpython.incRef(code);
        whole.code = code;
        whole.instruction = kWholeCode;
        *slot = whole;
        ++placeCount;
    }
    return whole;
}

std::uint32_t nameOf(PyObject* code, PyObject* named, int line) {
    TextLine<240> text;
    PyRef name = named == nullptr ? PyRef() : attribute(named, "__qualname__");
    if (!name) {
        name = attribute(code, cpython.minor >= 11 ? "co_qualname" : "co_name");
    }
    const PyRef path = attribute(code, "co_filename");
    std::string_view shortName = textOf(name.get());
    // "main.<locals>.worker" is the worker.
    constexpr std::string_view kLocals = "<locals>.";
    const std::size_t locals = shortName.rfind(kLocals);
    if (locals != std::string_view::npos) {
        shortName = from(shortName, locals + kLocals.size());
    }
    text.add(shortName).add(" (").add(fileName(textOf(path.get()))).add(":").add(line).add(")");
    return nameStep(text.data(), text.size());
}

/// The step of a place; `named` has a __qualname__ to use; lineOf says the line if it is new.
template <class LineOf>
std::uint32_t stepOf(PyObject* code, std::int32_t instruction, PyObject* named, LineOf lineOf) {
    {
        const GilGuard guard(lock);
        const Place* slot = guard ? slotOf(code, instruction) : nullptr;
        if (slot == nullptr) {
            return 0;
        }
        if (slot->code != nullptr) {
            return slot->step;
        }
    }
    if (placeCount >= 2 * kMaxPlaces) {
        return 0;
    }
    const std::uint32_t step = nameOf(code, named, lineOf());
    const GilGuard guard(lock);
    Place* slot = guard ? slotOf(code, instruction) : nullptr;
    if (slot != nullptr && slot->code == nullptr) {
        cpython.incRef(code);
        slot->code = code;
        slot->instruction = instruction;
        slot->step = static_cast<std::uint16_t>(step);
        ++placeCount;
    }
    return step;
}

std::int32_t lastInstruction(PyObject* frame) {
    if (cpython.frameLastInstruction != nullptr) [[likely]] {
        return cpython.frameLastInstruction(frame);
    }
    const PyRef number = attribute(frame, nameOfLastInstruction);
    return number ? static_cast<std::int32_t>(cpython.asLong(number.get())) : -1;
}

std::uint32_t stepOfFrame(PyObject* code, PyObject* frame, PyObject* named) {
    return stepOf(code, lastInstruction(frame), named,
                  [frame] { return cpython.frameLine(frame); });
}

std::size_t sizeOfObjects(PyObject* type) {
    const PyRef size = attribute(type, "__basicsize__");
    return size ? static_cast<std::size_t>(cpython.asLong(size.get())) : 0;
}

std::size_t sizeOf(PyObject* object) {
    const PyRef size = attribute(object, "__sizeof__");
    const PyRef bytes(size ? callFast(size.get(), nullptr, 0, nullptr) : nullptr);
    if (!bytes) {
        cpython.clearError();
        return 0;
    }
    return static_cast<std::size_t>(cpython.asLong(bytes.get()));
}

/// Lets the layout look at one that is suspended.
void learnFrom(Kind& kind, PyObject* suspended, PyObject* code) {
    const PyRef frame = attribute(suspended, kind.frame);
    if (frame && frame.get() != cpython.none) {
        const std::int32_t instruction = lastInstruction(frame.get());
        const std::size_t codeBytes = sizeOf(code);
        const GilGuard guard(lock);
        if (!guard) {
            return;
        }
        if (&kind == &generators && coroutines.layout.knowsCode()) {
            kind.layout.learnBy(coroutines.layout, suspended, code, instruction);
        } else {
            kind.layout.learn(suspended, code, instruction, kind.objectBytes, codeBytes);
        }
    }
}

PyRef codeOf(Kind& kind, PyObject* suspended) {
    if (PyObject* known = kind.layout.codeOf(suspended)) [[likely]] {
        cpython.incRef(known);
        return PyRef(known);
    }
    PyRef code = attribute(suspended, kind.code);
    if (code && kind.layout.isLearning()) {
        learnFrom(kind, suspended, code.get());
    }
    return code;
}

/// The place where a coroutine is suspended.
std::uint32_t stepOfSuspended(PyObject* suspended, PyObject* code) {
    const Kind& kind = typeOf(suspended) == cpython.generatorType ? generators : coroutines;
    if (kind.layout.knowsInstruction()) [[likely]] {
        return stepOf(
            code, kind.layout.instructionOf(suspended, code), suspended, [&kind, suspended] {
                const PyRef frame = attribute(suspended, kind.frame);
                return frame && frame.get() != cpython.none ? cpython.frameLine(frame.get()) : 0;
            });
    }
    const PyRef frame = attribute(suspended, kind.frame);
    return frame && frame.get() != cpython.none ? stepOfFrame(code, frame.get(), suspended) : 0;
}

std::uint32_t beginOfCode(PyObject* code, PyObject* named) {
    return stepOf(code, kBegin, named, [code] {
        const PyRef line = attribute(code, "co_firstlineno");
        return line ? static_cast<int>(cpython.asLong(line.get())) : 0;
    });
}

} // namespace

void preparePlaces() {
    coroutines = {cpython.internText("cr_frame"),
                  cpython.internText("cr_code"),
                  cpython.internText("cr_await"),
                  sizeOfObjects(cpython.coroutineType),
                  {}};
    generators = {cpython.internText("gi_frame"),
                  cpython.internText("gi_code"),
                  cpython.internText("gi_yieldfrom"),
                  sizeOfObjects(cpython.generatorType),
                  {}};
    nameOfLastInstruction = cpython.internText("f_lasti");
}

Suspension suspensionOf(PyObject* coroutine) {
    Suspension found;
    PyRef held;  // the coroutine at hand, unless it is the first
    PyRef shown; // the innermost that isn't asyncio's own
    PyRef shownCode;
    PyObject* current = coroutine;
    for (int depth = 0; depth < kMaxDepth; ++depth) {
        const PyObject* type = typeOf(current);
        if (type != cpython.coroutineType && type != cpython.generatorType) {
            break;
        }
        Kind& kind = type == cpython.generatorType ? generators : coroutines;
        PyRef code = codeOf(kind, current);
        if (!code) {
            break;
        }
        const Place whole = wholeOf(code.get());
        found.state = whole.waitsIn;
        if (!whole.isLibrary || depth == 0) {
            cpython.incRef(current);
            shown = PyRef(current);
            shownCode = static_cast<PyRef&&>(code);
        }
        PyRef next = attribute(current, kind.awaits);
        if (!next || next.get() == cpython.none) {
            break;
        }
        held = static_cast<PyRef&&>(next);
        current = held.get();
    }
    if (shown) {
        found.step = stepOfSuspended(shown.get(), shownCode.get());
    }
    return found;
}

std::uint32_t beginOf(PyObject* coroutine) {
    const PyObject* type = typeOf(coroutine);
    const bool isGenerator = type == cpython.generatorType;
    if (!isGenerator && type != cpython.coroutineType) {
        return 0;
    }
    const PyRef code = attribute(coroutine, isGenerator ? generators.code : coroutines.code);
    if (!code) {
        return 0;
    }
    return beginOfCode(code.get(), coroutine);
}

std::uint32_t beginOfFunction(PyObject* function) {
    const PyRef code = attribute(function, "__code__");
    return code ? beginOfCode(code.get(), function) : 0;
}

std::uint32_t currentPlace() {
    PyObject* innermost = cpython.currentFrame();
    if (innermost == nullptr) {
        return 0;
    }
    cpython.incRef(innermost);
    const PyRef first(innermost);
    PyRef held;
    PyObject* frame = innermost;
    for (int depth = 0; depth < kMaxDepth; ++depth) {
        const PyRef code = attribute(frame, "f_code");
        const PyRef flags = code ? attribute(code.get(), "co_flags") : PyRef();
        if (flags && (cpython.asLong(flags.get()) & kCoroutineFlag) != 0 &&
            !wholeOf(code.get()).isLibrary) {
            return stepOfFrame(code.get(), frame, nullptr);
        }
        PyRef back = attribute(frame, "f_back");
        if (!back || back.get() == cpython.none) {
            break;
        }
        held = static_cast<PyRef&&>(back);
        frame = held.get();
    }
    const PyRef code = attribute(innermost, "f_code");
    return code ? stepOfFrame(code.get(), innermost, nullptr) : 0;
}

void forgetPlaces() {
    lock.reset();
    if (places != nullptr) {
        // The references to code objects stay: they can't be dropped here, and cost nothing.
        std::free(places);
        places = nullptr;
        placeCount = 0;
    }
}

} // namespace interleave::agent
