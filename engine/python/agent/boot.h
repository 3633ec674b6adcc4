// SPDX-License-Identifier: GPL-3.0-or-later
// How the agent's Python side gets into a CPython process: no PYTHONPATH, no sitecustomize, no
// .pth.
//
// When the GIL is recognised, the interpreter is being initialised: an audit hook in C is added.
// (Not earlier: before its allocators are set, the hook's memory is freed by another than allocated
// it.) The hook boots just before the program's own code: at "cpython.run_*", which the python
// command raises after `site` is done; programs that embed Python never raise it, so there it boots
// at the first import, compile or exec after that. Works with -I, -E, -S, -s, -m, -c, zip files,
// stdin, and in the children of multiprocessing, which inherit the environment or are forked.
//
// Booting puts a module under a private name into sys.modules and runs bootstrap.py (embedded) in
// it. The modules of the standard library that are hooked are hooked when the program has imported
// them: none is imported for our sake.
#pragma once

namespace interleave::agent {

/// The GIL's side calls this each time it has recognised a GIL. Adds the audit hook once.
void onInterpreterFound();

} // namespace interleave::agent
