// SPDX-License-Identifier: GPL-3.0-or-later
// A block: one zstd frame with its content checksum. Reading allocates as data really comes out,
// so that a hostile size in a header costs nothing.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace interleave::storage {

Result<std::vector<std::byte>> compressBlock(std::span<const std::byte> raw);
/// An error names what is wrong: cut, damaged (checksum), or more than `expectedSize` bytes.
Result<std::vector<std::byte>> decompressBlock(std::span<const std::byte> stored,
                                               std::size_t expectedSize);

} // namespace interleave::storage
