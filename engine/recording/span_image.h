// SPDX-License-Identifier: GPL-3.0-or-later
// How a track's spans lie in memory and in a file. All parts begin at multiples of 8; integers are
// little endian. Order: ImageHeader, first span of each lane (u64), blocks of each column, packed
// data of each column (padded to 8, with at least 8 bytes after the last value), pyramid words.
#pragma once

#include "engine/recording/span_columns.h"

#include <bit>
#include <cstdint>

namespace interleave::recording {

static_assert(std::endian::native == std::endian::little, "images are little endian");

struct ImageColumn {
    std::uint64_t blockCount = 0;
    std::uint64_t dataBytes = 0; // a multiple of 8, slack included
};

struct ImageHeader {
    std::uint64_t spanCount = 0;
    std::uint32_t laneCount = 0;
    std::uint32_t stateMask = 0;
    std::uint64_t pyramidWords = 0;
    ImageColumn columns[SpanColumns::kColumns]{};
};
static_assert(sizeof(ImageHeader) == 24 + 16 * SpanColumns::kColumns);

/// Bytes of packed data in the image: with room for reading a whole word at the last value.
constexpr std::uint64_t paddedDataBytes(std::uint64_t bytes) {
    return bytes == 0 ? 0 : (bytes + 8 + 7) / 8 * 8;
}

} // namespace interleave::recording
