// SPDX-License-Identifier: GPL-3.0-or-later
// What the hooks of Celery, pika and RQ, which are Python, say of tasks and messages: functions of
// the private module, described in README.md. And how they get between a library's functions and
// their callers without a frame of ours.
#pragma once

#include "engine/python/agent/python_api.h"

namespace interleave::agent {

void addBrokerFunctions(PyObject* module);

} // namespace interleave::agent
