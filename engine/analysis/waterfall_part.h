// SPDX-License-Identifier: GPL-3.0-or-later
// What took the time of a run, as a waterfall stacks it. Apart from the waterfall itself, because
// the table of colours knows the parts and nothing else of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace interleave::analysis {

/// In the order in which they are stacked.
enum class Part : std::uint8_t {
    Work,            // tasks on a core
    OwnWaits,        // tasks' own I/O and timers
    SerialPart,      // a task had to end first
    Arrivals,        // nothing had been submitted yet
    InterpreterLock, // waiting for the GIL
    Locks,           // waiting for locks, semaphores, barriers
    Imbalance,       // nothing left to do, others still at it
    StartUp,         // threads and processes being made
    Transfer,        // arguments and results on their way
    Queueing,        // a task waited although a worker was idle; full queues; retries
    Prefetch,        // idle, with what there is to do reserved by another worker
    NoCore,          // could run, all cores taken by this run
    OtherPrograms,   // could run, and a core was with somebody else
    Machinery,       // the model's own work on a core
};
inline constexpr std::size_t kParts = static_cast<std::size_t>(Part::Machinery) + 1;
std::string_view nameOf(Part part);    // "interpreter_lock", in files
std::string_view titleOf(Part part);   // "interpreter lock", on screen
std::string_view meaningOf(Part part); // one line, for a tool tip

} // namespace interleave::analysis
