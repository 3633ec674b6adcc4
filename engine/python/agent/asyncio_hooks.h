// SPDX-License-Identifier: GPL-3.0-or-later
// asyncio's tasks as tasks of ours. Two points see everything: call_soon() makes a task ready (and
// tells who woke or made it), Handle._run() is a step of it. Both are replaced by method
// descriptors in C, which call what they replace: there is no Python frame of ours in a traceback.
//
// What the step's end was is read from the task: done, failed, cancelled, or pending; then its
// chain of coroutines says where it is suspended and what for (code_places.h).
#pragma once

#include "engine/python/agent/python_api.h"

namespace interleave::agent {

/// Puts what the bootstrap hooks asyncio with into its module.
void addAsyncioFunctions(PyObject* module);
/// In a forked child.
void forgetAsyncioTasks();

} // namespace interleave::agent
