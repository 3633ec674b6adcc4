// SPDX-License-Identifier: GPL-3.0-or-later
// Places in Python code as steps of ours: "worker (app.py:42)", each named once. And what a
// coroutine that is suspended in asyncio's own code waits for.
//
// A place is a code object and an instruction. A code object that has been seen is kept, because
// its address names it; there are at most 65 535 places.
//
// With the GIL held.
#pragma once

#include "engine/base/state.h"
#include "engine/python/agent/python_api.h"

#include <cstdint>

namespace interleave::agent {

struct Suspension {
    std::uint32_t step = 0;         // where; 0: not known
    State state = State::Suspended; // what for
};

/// Finds what is asked of coroutines and frames; once, at boot.
void preparePlaces();
/// Where a coroutine that doesn't run is suspended: in the innermost coroutine that isn't asyncio's
/// own.
Suspension suspensionOf(PyObject* coroutine);
/// The begin of a coroutine that hasn't run yet.
std::uint32_t beginOf(PyObject* coroutine);
/// The begin of a function; 0 for callables that aren't written in Python.
std::uint32_t beginOfFunction(PyObject* function);
/// The line of the calling thread's innermost frame that belongs to a coroutine, else of its
/// innermost frame.
std::uint32_t currentPlace();
/// In a forked child: no step has a name there yet.
void forgetPlaces();

} // namespace interleave::agent
