// SPDX-License-Identifier: GPL-3.0-or-later
// The part of CPython's C API that the agent uses, by name at run time: one agent serves every
// version from 3.8 on, shared or static, with and without a GIL, and there is no Python header.
// Objects stay opaque. The few structures here (PyMethodDef) haven't changed since 3.7.
//
// All of it needs an attached thread (the GIL) but addPendingCall and isInitialized.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace interleave::agent {

struct PyObject;
using PySize = std::ptrdiff_t;
using PyFunction = void (*)();
using PyOneArgument = PyObject* (*)(PyObject* self, PyObject* argument);
using PyFastArguments = PyObject* (*)(PyObject* self, PyObject* const* arguments, PySize count);
using PyFastKeywords = PyObject* (*)(PyObject* self, PyObject* const* arguments, PySize count,
                                     PyObject* keywords);

/// A C function that Python calls: how depends on the method's flags.
union PyMethodFunction {
    PyOneArgument two; // null where there are none
    PyFastArguments three;
    PyFastKeywords four;
};
struct PyMethodDef {
    const char* name;
    PyMethodFunction function;
    int flags;
    const char* documentation;
};

// METH_NOARGS, METH_O, METH_FASTCALL, METH_KEYWORDS
constexpr PyMethodDef methodWithNothing(const char* name, PyOneArgument function,
                                        const char* documentation = nullptr) {
    return {name, {.two = function}, 0x0004, documentation};
}
constexpr PyMethodDef methodWithOne(const char* name, PyOneArgument function,
                                    const char* documentation = nullptr) {
    return {name, {.two = function}, 0x0008, documentation};
}
constexpr PyMethodDef methodWithSome(const char* name, PyFastArguments function) {
    return {name, {.three = function}, 0x0080, nullptr};
}
constexpr PyMethodDef methodWithKeywords(const char* name, PyFastKeywords function,
                                         const char* documentation = nullptr) {
    return {name, {.four = function}, 0x0080 | 0x0002, documentation};
}

// clang-format off
// Name in the table, name in the library, result, arguments.
#define INTERLEAVE_PYTHON_FUNCTIONS(X) \
    X(incRef, "Py_IncRef", void, (PyObject*)) \
    X(decRef, "Py_DecRef", void, (PyObject*)) \
    X(isInitialized, "Py_IsInitialized", int, ()) \
    X(addAuditHook, "PySys_AddAuditHook", int, (int (*)(const char*, PyObject*, void*), void*)) \
    X(typeOf, "PyObject_Type", PyObject*, (PyObject*)) \
    X(getAttribute, "PyObject_GetAttr", PyObject*, (PyObject*, PyObject*)) \
    X(getAttributeString, "PyObject_GetAttrString", PyObject*, (PyObject*, const char*)) \
    X(setAttributeString, "PyObject_SetAttrString", int, (PyObject*, const char*, PyObject*)) \
    X(isTrue, "PyObject_IsTrue", int, (PyObject*)) \
    X(isSubtype, "PyType_IsSubtype", int, (PyObject*, PyObject*)) \
    X(newFunction, "PyCFunction_NewEx", PyObject*, (PyMethodDef*, PyObject*, PyObject*)) \
    X(functionOf, "PyCFunction_GetFunction", PyFunction, (PyObject*)) \
    X(selfOf, "PyCFunction_GetSelf", PyObject*, (PyObject*)) \
    X(newMethod, "PyDescr_NewMethod", PyObject*, (PyObject*, PyMethodDef*)) \
    X(methodSelf, "PyMethod_Self", PyObject*, (PyObject*)) \
    X(methodFunction, "PyMethod_Function", PyObject*, (PyObject*)) \
    X(newModule, "PyModule_New", PyObject*, (const char*)) \
    X(moduleDict, "PyModule_GetDict", PyObject*, (PyObject*)) \
    X(loadedModules, "PyImport_GetModuleDict", PyObject*, ()) \
    X(builtins, "PyEval_GetBuiltins", PyObject*, ()) \
    X(evaluate, "PyEval_EvalCode", PyObject*, (PyObject*, PyObject*, PyObject*)) \
    X(compile, "Py_CompileString", PyObject*, (const char*, const char*, int)) \
    X(currentFrame, "PyEval_GetFrame", PyObject*, ()) \
    X(frameLine, "PyFrame_GetLineNumber", int, (PyObject*)) \
    X(addPendingCall, "Py_AddPendingCall", int, (int (*)(void*), void*)) \
    X(getItem, "PyDict_GetItemString", PyObject*, (PyObject*, const char*)) \
    X(setItem, "PyDict_SetItemString", int, (PyObject*, const char*, PyObject*)) \
    X(newDict, "PyDict_New", PyObject*, ()) \
    X(setItemObject, "PyDict_SetItem", int, (PyObject*, PyObject*, PyObject*)) \
    X(tupleItem, "PyTuple_GetItem", PyObject*, (PyObject*, PySize)) \
    X(tupleSize, "PyTuple_Size", PySize, (PyObject*)) \
    X(newText, "PyUnicode_FromStringAndSize", PyObject*, (const char*, PySize)) \
    X(internText, "PyUnicode_InternFromString", PyObject*, (const char*)) \
    X(textOf, "PyUnicode_AsUTF8AndSize", const char*, (PyObject*, PySize*)) \
    X(asLong, "PyLong_AsLong", long, (PyObject*)) \
    X(newLong, "PyLong_FromLong", PyObject*, (long)) \
    X(newBool, "PyBool_FromLong", PyObject*, (long)) \
    X(describe, "PyObject_Str", PyObject*, (PyObject*)) \
    X(asDouble, "PyFloat_AsDouble", double, (PyObject*)) \
    X(fetchError, "PyErr_Fetch", void, (PyObject**, PyObject**, PyObject**)) \
    X(restoreError, "PyErr_Restore", void, (PyObject*, PyObject*, PyObject*)) \
    X(clearError, "PyErr_Clear", void, ()) \
    X(errorSet, "PyErr_Occurred", PyObject*, ()) \
    X(setError, "PyErr_SetString", void, (PyObject*, const char*)) \
    X(noMemory, "PyErr_NoMemory", PyObject*, ())
// Those that not every version has, null there.
#define INTERLEAVE_PYTHON_OPTIONAL(X) \
    X(vectorcall, "PyObject_Vectorcall", PyObject*, (PyObject*, PyObject* const*, std::size_t, PyObject*)) \
    X(vectorcallDict, "PyObject_VectorcallDict", PyObject*, (PyObject*, PyObject* const*, std::size_t, PyObject*)) \
    X(fastCallDict, "_PyObject_FastCallDict", PyObject*, (PyObject*, PyObject* const*, PySize, PyObject*)) \
    X(newInstanceMethod, "PyInstanceMethod_New", PyObject*, (PyObject*)) \
    X(frameLastInstruction, "PyFrame_GetLasti", int, (PyObject*)) \
    X(currentInterpreter, "PyInterpreterState_Get", void*, ()) \
    X(currentInterpreterIn38, "_PyInterpreterState_Get", void*, ()) \
    X(mainInterpreter, "PyInterpreterState_Main", void*, ())
// clang-format on

struct PythonApi {
#define INTERLEAVE_DECLARE(member, name, result, arguments) result(*member) arguments = nullptr;
    INTERLEAVE_PYTHON_FUNCTIONS(INTERLEAVE_DECLARE)
    INTERLEAVE_PYTHON_OPTIONAL(INTERLEAVE_DECLARE)
#undef INTERLEAVE_DECLARE
    PyObject* none = nullptr;
    PyObject* typeError = nullptr;
    PyObject* coroutineType = nullptr;
    PyObject* generatorType = nullptr;
    PyObject* builtinFunctionType = nullptr;
    PyObject* boundMethodType = nullptr;
    int minor = 0;              // of 3.x
    bool hasNoGil = false;      // a free-threaded build: hooks run in several threads at once
    std::size_t typeOffset = 0; // where an object's type is; 0: not known
};
extern constinit PythonApi cpython;

/// Finds the API in the interpreter that this process has (linked or loaded). Any thread, without
/// the GIL. False: there is none, it is too old, or a name is missing.
bool findPythonApi();
/// What needs an interpreter that runs: where objects keep their type.
void finishPythonApi();

/// Owns a reference.
class PyRef {
public:
    PyRef() = default;
    explicit PyRef(PyObject* owned)
        : m_object(owned) {}
    PyRef(const PyRef&) = delete;
    PyRef& operator=(const PyRef&) = delete;
    PyRef(PyRef&& other)
        : m_object(other.release()) {}
    PyRef& operator=(PyRef&& other) {
        PyObject* old = m_object;
        m_object = other.release();
        drop(old);
        return *this;
    }
    ~PyRef() { drop(m_object); }

    PyObject* get() const { return m_object; }
    explicit operator bool() const { return m_object != nullptr; }
    PyObject* release() {
        PyObject* object = m_object;
        m_object = nullptr;
        return object;
    }

private:
    static void drop(PyObject* object) {
        if (object != nullptr) {
            cpython.decRef(object);
        }
    }
    PyObject* m_object = nullptr;
};

/// What the program's exception state is survives what we do in between: ours is dropped.
class KeptError {
public:
    KeptError()
        : m_isSet(cpython.errorSet() != nullptr) {
        if (m_isSet) {
            cpython.fetchError(&m_type, &m_value, &m_traceback);
        }
    }
    KeptError(const KeptError&) = delete;
    KeptError& operator=(const KeptError&) = delete;
    ~KeptError() {
        if (m_isSet) {
            cpython.restoreError(m_type, m_value, m_traceback);
        } else if (cpython.errorSet() != nullptr) {
            cpython.clearError();
        }
    }

private:
    bool m_isSet;
    PyObject* m_type = nullptr;
    PyObject* m_value = nullptr;
    PyObject* m_traceback = nullptr;
};

/// A borrowed pointer to an object's type, for comparisons only.
inline const PyObject* typeOf(PyObject* object) {
    if (cpython.typeOffset != 0) [[likely]] {
        return *reinterpret_cast<PyObject* const*>(reinterpret_cast<const char*>(object) +
                                                   cpython.typeOffset);
    }
    PyObject* type = cpython.typeOf(object);
    cpython.decRef(type);
    return type;
}

/// An attribute, null (without an exception) where there is none.
inline PyRef attribute(PyObject* object, PyObject* name) {
    PyRef found(cpython.getAttribute(object, name));
    if (!found) [[unlikely]] {
        cpython.clearError();
    }
    return found;
}
inline PyRef attribute(PyObject* object, const char* name) {
    PyRef found(cpython.getAttributeString(object, name));
    if (!found) [[unlikely]] {
        cpython.clearError();
    }
    return found;
}
/// The text of a str; empty for everything else. Valid as long as the object is.
std::string_view textOf(PyObject* object);

/// Calls a function with positional arguments and names of keyword arguments, as METH_FASTCALL
/// gives them: the keywords' values follow the positional ones.
PyObject* callFast(PyObject* function, PyObject* const* arguments, PySize count,
                   PyObject* keywords);
/// The same with one or two others before them.
PyObject* callWith(PyObject* function, std::initializer_list<PyObject*> first,
                   PyObject* const* arguments, PySize count, PyObject* keywords);

inline PyObject* newNone() {
    cpython.incRef(cpython.none);
    return cpython.none;
}

} // namespace interleave::agent
