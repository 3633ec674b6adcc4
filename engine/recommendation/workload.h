// SPDX-License-Identifier: GPL-3.0-or-later
// Workload: what the work of a recording is like, whatever model executed it.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <optional>

namespace interleave::recommendation {

struct Workload {
    std::uint64_t tasks = 0; // that did anything
    int cores = 1;
    Nanoseconds computeNs = 0; // on a core, of all tasks
    Nanoseconds waitNs = 0;    // their own I/O and timers
    Nanoseconds criticalPathNs = 0;
    std::optional<Nanoseconds> transferNs; // where the run had to send arguments and results
    /// What making each one delays the run by, where the run made such workers.
    std::optional<Nanoseconds> threadStartNs{};
    std::optional<Nanoseconds> processStartNs{};
    Nanoseconds lockHeldNs = 0; // of the lock that is held longest: nobody is faster
    bool isPython = false;      // an interpreter lock is a fact of it
    double disturbedShare = 0;  // by other programs, of the workers' time
    bool knowsCores = false;    // the kernel's switches were seen

    /// Of what tasks do by themselves, 0 to 1.
    double computeShare() const;
    Nanoseconds computePerTaskNs() const;
    Nanoseconds waitPerTaskNs() const;
};

/// None where nothing ran.
std::optional<Workload> workloadOf(const recording::Recording& recording);

} // namespace interleave::recommendation
