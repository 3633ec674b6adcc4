// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/checksum.h"

#include <gtest/gtest.h>
#include <random>
#include <string_view>
#include <vector>

namespace interleave::storage {
namespace {

std::span<const std::byte> bytesOf(std::string_view text) {
    return std::as_bytes(std::span(text));
}

TEST(Checksum, IsThatOfTheStandard) {
    // Source: RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    const std::vector<std::byte> zeros(32);
    EXPECT_EQ(crc32c(bytesOf("123456789")), 0xe3069283u);
    EXPECT_EQ(crc32c(zeros), 0x8a9136aau);
    EXPECT_EQ(portableCrc32c(bytesOf("123456789")), 0xe3069283u);
    EXPECT_EQ(portableCrc32c(zeros), 0x8a9136aau);
}

TEST(Checksum, IsTheSameWithAndWithoutTheInstruction) {
    std::mt19937 random(1);
    std::vector<std::byte> bytes(4096);
    for (std::byte& byte : bytes) {
        byte = static_cast<std::byte>(random());
    }
    for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 7) {
        const auto part = std::span(bytes).last(size);
        ASSERT_EQ(crc32c(part), portableCrc32c(part)) << size;
    }
}

TEST(Checksum, NoticesAChangeInAnyPieceOfLongData) {
    std::vector<std::byte> bytes(3 * kChecksumPiece + 100);
    const std::uint32_t whole = checksumOf(bytes);
    for (std::size_t i = 0; i < bytes.size(); i += kChecksumPiece) {
        bytes[i] = std::byte{1};
        EXPECT_NE(checksumOf(bytes), whole) << i;
        bytes[i] = std::byte{0};
    }
    EXPECT_EQ(checksumOf(bytes), whole);
}

} // namespace
} // namespace interleave::storage
