// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/sha256.h"

#include <gtest/gtest.h>

namespace interleave::scenario {
namespace {

TEST(Sha256, AgreesWithTheStandardOnAbc) {
    Sha256State state = kSha256Start;
    Sha256Block block{};
    block[0] = 0x61626380; // "abc" and the padding bit
    block[15] = 24;        // its length in bits
    sha256Compress(state, block);
    const Sha256State expected{0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
                               0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};
    EXPECT_EQ(state, expected);
}

} // namespace
} // namespace interleave::scenario
