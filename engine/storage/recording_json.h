// SPDX-License-Identifier: GPL-3.0-or-later
// What there is little of in a recording, as JSON text: the run, objects, processes, diagnostics,
// and what the counters are called. Everything that comes in thousands lies in tables.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <string>
#include <string_view>
#include <vector>

namespace interleave::storage {

struct Description {
    recording::Recording head;              // without anything that lies in a table
    std::vector<std::uint64_t> pointCounts; // per counter
};

std::string describe(const recording::Recording& recording);
Result<Description> parseDescription(std::string_view json);

} // namespace interleave::storage
