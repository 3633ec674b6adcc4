// SPDX-License-Identifier: GPL-3.0-or-later
// This process as a part of the session: whether it is recorded, its begin, its forked children and
// its end.
//
// A process gets a segment when the runner started it, when Python is in it, or when a wrapper sees
// something worth one (a thread is made, a lock is contended). The many small programs of a shell
// script make none.
//
// Environment: INTERLEAVE_SESSION is the session's folder; INTERLEAVE_RECORD lists what is recorded
// (gil, calls, locks, tasks; all where it isn't set), and "model" in programs that execute a
// scenario.
#pragma once

#include <cstdint>

namespace interleave::agent {

/// Looks at the environment and the process, once. Wrappers that run before the agent's constructor
/// call it first.
void startAgent();

/// Gives this process a segment if it has none. False: it isn't recorded. Not for signal handlers.
bool recordThisProcess();

/// Whether INTERLEAVE_SESSION is set: else every wrapper only passes its call on.
bool hasSession();

/// Has a function called in each forked child, before anything else happens there: its statics
/// describe the parent.
void callInForkedChild(void (*handler)());

/// Has the calling thread's end noticed (endThreadStream()). False: too early.
bool noticeThreadEnd();

} // namespace interleave::agent
