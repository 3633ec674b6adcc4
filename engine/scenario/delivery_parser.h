// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the keys of a [[task]] that say how a broker treats its messages, and whose messages it
// handles.
#pragma once

#include "engine/scenario/step_parser.h"
#include "engine/scenario/table_reader.h"

#include <expected>

namespace interleave::scenario {

void readDelivery(TableReader& table, const DeclaredNames& names, TaskTemplate& task,
                  Problems& problems);

/// "10/s", "200/m", "5/h", as tasks a second.
std::expected<double, std::string> parseRate(std::string_view text);

} // namespace interleave::scenario
