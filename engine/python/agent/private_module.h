// SPDX-License-Identifier: GPL-3.0-or-later
// The module "_interleave_agent" that the agent puts into sys.modules. Its functions are described
// in README.md.
#pragma once

#include "engine/python/agent/python_api.h"

namespace interleave::agent {

/// Adds a C function to a module; the method's definition must live for ever.
void addFunction(PyObject* module, PyMethodDef& method);
/// Puts a method of ours in the place of a class' own, which it keeps. False: nothing is changed.
bool replaceMethod(PyObject* type, PyMethodDef& method, PyObject*& original);

/// What every program has: marks, notes.
void addCommonFunctions(PyObject* module);
/// States of tasks: also what hooks in Python say of them.
void addTaskFunctions(PyObject* module);
/// What a program that executes a scenario says of itself.
void addModelFunctions(PyObject* module);

} // namespace interleave::agent
