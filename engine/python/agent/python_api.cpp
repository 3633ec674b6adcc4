// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/python_api.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <link.h>

namespace interleave::agent {

constinit PythonApi cpython;

namespace {

constexpr std::size_t kStackArguments = 16;

int findLibrary(dl_phdr_info* info, std::size_t /*size*/, void* found) {
    if (info->dlpi_name == nullptr || std::strstr(info->dlpi_name, "python") == nullptr) {
        return 0;
    }
    void* library = dlopen(info->dlpi_name, RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) {
        return 0;
    }
    // Only names are looked up there, and the program that loaded it keeps it loaded: an
    // interpreter that is shut down and unloaded has no more events either.
    if (dlsym(library, "PySys_AddAuditHook") != nullptr) {
        *static_cast<void**>(found) = library;
        return 1;
    }
    dlclose(library);
    return 0;
}

/// Linked interpreters are in the global scope, ones that a program loads for itself aren't.
void* findInterpreter() {
    if (dlsym(RTLD_DEFAULT, "PySys_AddAuditHook") != nullptr) {
        return RTLD_DEFAULT;
    }
    void* found = nullptr;
    dl_iterate_phdr(findLibrary, &found);
    return found;
}

void* find(void* library, const char* name, bool& isWhole) {
    void* found = dlsym(library, name);
    isWhole = isWhole && found != nullptr;
    return found;
}

/// "3.11.2 (main, ...)" and "3.13.5 experimental free-threading build (...)".
void readVersion(const char* text) {
    if (std::strncmp(text, "3.", 2) == 0) {
        cpython.minor = std::atoi(text + 2);
    }
    cpython.hasNoGil = std::strstr(text, "free-threading") != nullptr;
}

/// By position, with a dict for the keywords, for the versions that have no vectorcall.
PyObject* callByDict(PyObject* function, PyObject* const* arguments, PySize count,
                     PyObject* keywords) {
    PyRef dict;
    const PySize named = keywords == nullptr ? 0 : cpython.tupleSize(keywords);
    if (named > 0) {
        dict = PyRef(cpython.newDict());
        for (PySize i = 0; dict && i < named; ++i) {
            cpython.setItemObject(dict.get(), cpython.tupleItem(keywords, i), arguments[count + i]);
        }
    }
    if (cpython.vectorcallDict != nullptr) {
        return cpython.vectorcallDict(function, arguments, static_cast<std::size_t>(count),
                                      dict.get());
    }
    return cpython.fastCallDict(function, arguments, count, dict.get());
}

} // namespace

bool findPythonApi() {
    void* library = findInterpreter();
    bool isWhole = true;
    const auto version =
        reinterpret_cast<const char* (*)()>(find(library, "Py_GetVersion", isWhole));
    if (!isWhole) {
        return false;
    }
    readVersion(version());
#define INTERLEAVE_FIND(member, name, result, arguments)                                           \
    cpython.member = reinterpret_cast<result(*) arguments>(find(library, name, isWhole));
#define INTERLEAVE_LOOK(member, name, result, arguments)                                           \
    cpython.member = reinterpret_cast<result(*) arguments>(dlsym(library, name));
    INTERLEAVE_PYTHON_FUNCTIONS(INTERLEAVE_FIND)
    INTERLEAVE_PYTHON_OPTIONAL(INTERLEAVE_LOOK)
#undef INTERLEAVE_FIND
#undef INTERLEAVE_LOOK
    cpython.none = static_cast<PyObject*>(find(library, "_Py_NoneStruct", isWhole));
    cpython.coroutineType = static_cast<PyObject*>(find(library, "PyCoro_Type", isWhole));
    cpython.generatorType = static_cast<PyObject*>(find(library, "PyGen_Type", isWhole));
    cpython.builtinFunctionType =
        static_cast<PyObject*>(find(library, "PyCFunction_Type", isWhole));
    cpython.boundMethodType = static_cast<PyObject*>(find(library, "PyMethod_Type", isWhole));
    return isWhole && cpython.minor >= 8 &&
           (cpython.vectorcall != nullptr || cpython.vectorcallDict != nullptr ||
            cpython.fastCallDict != nullptr);
}

void finishPythonApi() {
    PyObject* builtins = cpython.builtins(); // borrowed, as what it holds
    cpython.typeError = builtins == nullptr ? nullptr : cpython.getItem(builtins, "TypeError");
    // Where an object keeps its type is the word of which this is true for objects of four kinds.
    const PyRef number(cpython.newLong(1'000'003));
    const PyRef text(cpython.newText("interleave", 10));
    const PyRef dict(cpython.newDict());
    PyObject* objects[] = {number.get(), text.get(), dict.get(), cpython.coroutineType};
    const PyObject* types[4] = {};
    for (std::size_t i = 0; i < 4; ++i) {
        if (objects[i] == nullptr) {
            cpython.clearError();
            return;
        }
        PyObject* type = cpython.typeOf(objects[i]);
        cpython.decRef(type);
        types[i] = type;
    }
    constexpr std::size_t kHeadBytes = 32;
    std::size_t found = 0;
    int matches = 0;
    for (std::size_t offset = sizeof(void*); offset < kHeadBytes; offset += sizeof(void*)) {
        bool isType = true;
        for (std::size_t i = 0; isType && i < 4; ++i) {
            PyObject* word = nullptr;
            std::memcpy(&word, reinterpret_cast<const char*>(objects[i]) + offset, sizeof word);
            isType = word == types[i];
        }
        if (isType) {
            found = offset;
            ++matches;
        }
    }
    cpython.typeOffset = matches == 1 ? found : 0;
}

std::string_view textOf(PyObject* object) {
    PySize bytes = 0;
    const char* text = object == nullptr ? nullptr : cpython.textOf(object, &bytes);
    if (text == nullptr) {
        if (object != nullptr) {
            cpython.clearError();
        }
        return {};
    }
    return {text, static_cast<std::size_t>(bytes)};
}

PyObject* callFast(PyObject* function, PyObject* const* arguments, PySize count,
                   PyObject* keywords) {
    if (cpython.vectorcall != nullptr) [[likely]] {
        return cpython.vectorcall(function, arguments, static_cast<std::size_t>(count), keywords);
    }
    return callByDict(function, arguments, count, keywords);
}

PyObject* callWith(PyObject* function, std::initializer_list<PyObject*> first,
                   PyObject* const* arguments, PySize count, PyObject* keywords) {
    const PySize named = keywords == nullptr ? 0 : cpython.tupleSize(keywords);
    const std::size_t total = first.size() + static_cast<std::size_t>(count + named);
    PyObject* onStack[kStackArguments];
    PyObject** all = onStack;
    if (total > kStackArguments) {
        all = static_cast<PyObject**>(std::malloc(total * sizeof(PyObject*)));
        if (all == nullptr) {
            return cpython.noMemory();
        }
    }
    PyObject** end = all;
    for (PyObject* one : first) {
        *end++ = one;
    }
    for (PySize i = 0; i < count + named; ++i) {
        *end++ = arguments[i];
    }
    PyObject* result = callFast(function, all, static_cast<PySize>(first.size()) + count, keywords);
    if (all != onStack) {
        std::free(all);
    }
    return result;
}

} // namespace interleave::agent
