// SPDX-License-Identifier: GPL-3.0-or-later
// The compression function of SHA-256, as work to do. Padding and messages of any length are not
// needed here.
#pragma once

#include <array>
#include <cstdint>

namespace interleave::scenario {

using Sha256State = std::array<std::uint32_t, 8>;
using Sha256Block = std::array<std::uint32_t, 16>; // big-endian words

inline constexpr Sha256State kSha256Start{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/// Source: NIST FIPS 180-4, "Secure Hash Standard", section 6.2.2.
void sha256Compress(Sha256State& state, const Sha256Block& block);

} // namespace interleave::scenario
