// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a publish step. What its message needs to be routed is checked by message_checks, when all
// exchanges are known.
#pragma once

#include "engine/scenario/step_parser.h"
#include "engine/scenario/table_reader.h"

namespace interleave::scenario {

PublishStep parsePublish(TableReader& table, const DeclaredNames& names, Problems& problems);

/// What its span is called if the file does not say: "publish events".
std::string spanNameOf(const PublishStep& step, const DeclaredNames& names);

} // namespace interleave::scenario
