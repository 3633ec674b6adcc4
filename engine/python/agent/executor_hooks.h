// SPDX-License-Identifier: GPL-3.0-or-later
// Items of pools as tasks of ours: concurrent.futures' thread and process pools, multiprocessing's.
// And the names of threads. What is hot or has the program's code above it is here, in C; the rest
// is in bootstrap.py.
#pragma once

#include "engine/python/agent/python_api.h"

namespace interleave::agent {

/// Puts what the bootstrap hooks executors and threads with into its module.
void addExecutorFunctions(PyObject* module);
/// Items that this thread makes are somebody else's affair (Celery's tasks in a thread pool).
extern constinit thread_local bool areItemsHidden __attribute__((tls_model("initial-exec")));
/// In a forked child.
void forgetItems();

} // namespace interleave::agent
