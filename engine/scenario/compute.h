// SPDX-License-Identifier: GPL-3.0-or-later
// Compute kernels: fixed amounts of work, calibrated against an idle core of this machine. "20
// ms" is the work that an idle core does in 20 ms; a pre-empted task takes longer, as it should.
#pragma once

#include "engine/base/time.h"
#include "engine/scenario/scenario.h"

#include <array>
#include <cstdint>

namespace interleave::scenario {

/// How many slices of each kernel an idle core does in a second. A slice is about 2 us of work,
/// the distance between two check points.
struct ComputeSpeed {
    std::array<double, 4> slicesPerSecond{};
    std::uint64_t slicesFor(Kernel kernel, Nanoseconds work) const;
};

/// One slice of a kernel. `sink` keeps the compiler from removing the work; the memory kernel uses
/// a buffer of the calling thread.
std::uint64_t runSlice(Kernel kernel, std::uint64_t sink);

/// Runs slices with a check point (bool keepGoing()) after each; false: stopped by the check point.
template <class CheckPoint>
bool compute(Kernel kernel, std::uint64_t slices, CheckPoint&& keepGoing) {
    std::uint64_t sink = slices;
    for (std::uint64_t i = 0; i < slices; ++i) {
        sink = runSlice(kernel, sink);
        if (!keepGoing()) {
            return false;
        }
    }
    return sink != 0x9e3779b97f4a7c15u || slices != 0; // always true; depends on the work
}

/// The speed of this machine: from the cache file ($XDG_CACHE_HOME/interleave/) if it is of this
/// processor and build and a probe does not contradict it, else measured (about 0.3 s) and kept; a
/// cache that can't be written is no error.
ComputeSpeed calibratedSpeed();
ComputeSpeed measureSpeed();

} // namespace interleave::scenario
