// SPDX-License-Identifier: GPL-3.0-or-later
// Waterfall: from the work alone to the measured makespan, by what took the rest. At each moment
// each place for a worker is in exactly one part, so the parts sum up to makespan x places, to the
// nanosecond.
#pragma once

#include "engine/analysis/occupation.h"
#include "engine/analysis/reserved_backlog.h"
#include "engine/analysis/waterfall_part.h"

#include <array>
#include <optional>

namespace interleave::analysis {

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
