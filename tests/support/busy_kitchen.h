// SPDX-License-Identifier: GPL-3.0-or-later
// A recording of a full kitchen: so many chefs in so many processes, so many dishes, each of which
// waits for the rail, the knife, the oven and the shelf in turn. Always the same.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <memory>

namespace interleave::support {

struct BusyKitchen {
    std::uint32_t processes = 1;
    std::uint32_t chefs = 16; // of all processes together
    std::uint32_t dishes = 100;
    bool hasKnife = true;
};

/// 100 ms long.
std::shared_ptr<const recording::Recording> busyKitchen(const BusyKitchen& options = {});

} // namespace interleave::support
