// SPDX-License-Identifier: GPL-3.0-or-later
// Where the agent lies: the library that is loaded into a recorded program.
#pragma once

#include "engine/base/result.h"

#include <filesystem>

namespace interleave::program {

/// `program` is the interleave program itself: the library lies beside it or in
/// ../lib/interleave. With `withLocks` the one that sees a C program's locks too.
Result<std::filesystem::path> findAgent(const std::filesystem::path& program, bool withLocks);

} // namespace interleave::program
