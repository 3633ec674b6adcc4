// SPDX-License-Identifier: GPL-3.0-or-later
// Arguments of the private module's functions as numbers.
#pragma once

#include "engine/python/agent/emit.h"
#include "engine/python/agent/python_api.h"

#include <cstdint>

namespace interleave::agent {

/// A TypeError in place of a result.
inline PyObject* wrongUse(const char* usage) {
    cpython.clearError();
    cpython.setError(cpython.typeError, usage);
    return nullptr;
}

/// Arguments as numbers; those that are missing are 0.
inline bool readNumbers(PyObject* const* arguments, PySize count, PySize least, PySize most,
                        std::uint32_t* numbers) {
    if (count < least || count > most) {
        return false;
    }
    for (PySize i = 0; i < most; ++i) {
        const long number = i < count ? cpython.asLong(arguments[i]) : 0;
        if (number == -1 && cpython.errorSet() != nullptr) {
            return false;
        }
        numbers[i] = static_cast<std::uint32_t>(number);
    }
    return true;
}

/// A function that emits two numbers as they are.
template <record::EventKind kKind>
PyObject* emitPair(PyObject* /*self*/, PyObject* const* arguments, PySize count) {
    std::uint32_t n[2] = {};
    if (!readNumbers(arguments, count, 2, 2, n)) {
        return wrongUse("this function takes two numbers");
    }
    emit(kKind, n[0], n[1]);
    return newNone();
}

} // namespace interleave::agent
