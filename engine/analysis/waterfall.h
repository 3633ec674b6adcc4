// SPDX-License-Identifier: GPL-3.0-or-later
// Waterfall: from the work alone to the measured makespan, by what took the rest. At each moment
// each place for a worker is in exactly one part, so the parts sum up to makespan x places, to the
// nanosecond.
#pragma once

#include "engine/analysis/occupation.h"
#include "engine/analysis/reserved_backlog.h"

#include <array>
#include <optional>
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

struct Waterfall {
    Nanoseconds makespanNs = 0;
    int places = 0; // the most workers that were alive at once
    std::array<Nanoseconds, kParts> ns{};

    Nanoseconds of(Part part) const { return ns[static_cast<std::size_t>(part)]; }
    Nanoseconds totalNs() const { return makespanNs * places; }
    /// Of the total, 0 to 1.
    double share(Part part) const;
    /// How much of the makespan it is: the parts' bars, one after the other, end at the makespan.
    double makespanShareNs(Part part) const;
};

/// None where no worker is known: there is nothing that could have been idle.
std::optional<Waterfall> waterfallOf(const recording::Recording& recording,
                                     const Occupation& occupation, const ReservedBacklog& backlog);
std::optional<Waterfall> waterfallOf(const recording::Recording& recording);

} // namespace interleave::analysis
