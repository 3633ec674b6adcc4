// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/compressed_section.h"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <random>

namespace interleave::storage {
namespace {

Block randomBlock(std::size_t size) {
    std::mt19937 random(1);
    Block block(size);
    for (std::byte& byte : block) {
        byte = static_cast<std::byte>(random() % 20);
    }
    return block;
}

bool isPrefix(const SectionContent& content, const Block& raw) {
    return content.bytes.size() <= raw.size() &&
           std::ranges::equal(content.bytes, std::span(raw).first(content.bytes.size()));
}

TEST(CompressedSection, GivesBackItsContent) {
    FrameUnpacker unpacker;
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, kPieceBytes, kPieceBytes + 1, 5 * kPieceBytes - 7}) {
        const Block raw = randomBlock(size);
        const auto stored = compressSection(raw);
        ASSERT_TRUE(stored);
        const SectionContent content = unpackSection(*stored, size, unpacker);
        EXPECT_TRUE(content.isWhole());
        EXPECT_EQ(content.bytes.size(), size);
        EXPECT_TRUE(isPrefix(content, raw));
    }
}

TEST(CompressedSection, KeepsThePiecesBeforeACut) {
    FrameUnpacker unpacker;
    const Block raw = randomBlock(4 * kPieceBytes);
    const auto stored = compressSection(raw);
    ASSERT_TRUE(stored);
    for (std::size_t length = 0; length < stored->size(); length += 9973) {
        const SectionContent content =
            unpackSection(std::span(*stored).first(length), raw.size(), unpacker);
        ASSERT_FALSE(content.isWhole());
        ASSERT_TRUE(isPrefix(content, raw));
        ASSERT_EQ(content.bytes.size() % kPieceBytes, 0u);
    }
    const SectionContent most =
        unpackSection(std::span(*stored).first(stored->size() - 1), raw.size(), unpacker);
    EXPECT_EQ(most.bytes.size(), 3 * kPieceBytes);
    EXPECT_TRUE(most.has(2 * kPieceBytes, kPieceBytes));
    EXPECT_FALSE(most.has(2 * kPieceBytes + 1, kPieceBytes));
}

TEST(CompressedSection, KeepsThePiecesAroundADamagedOne) {
    FrameUnpacker unpacker;
    const Block raw = randomBlock(4 * kPieceBytes);
    auto stored = compressSection(raw);
    ASSERT_TRUE(stored);
    std::uint32_t firstPiece = 0;
    std::memcpy(&firstPiece, stored->data(), sizeof(firstPiece));
    (*stored)[4 * sizeof(firstPiece) + firstPiece + 1000] ^= std::byte{1}; // in the second
    const SectionContent content = unpackSection(*stored, raw.size(), unpacker);
    EXPECT_EQ(content.damagedPieces, std::vector<std::size_t>{1});
    EXPECT_TRUE(content.has(0, kPieceBytes));
    EXPECT_FALSE(content.has(kPieceBytes - 1, 2));
    EXPECT_FALSE(content.has(0, 4 * kPieceBytes));
    EXPECT_TRUE(content.has(2 * kPieceBytes, 2 * kPieceBytes));
}

TEST(CompressedSection, DoesNotBelieveWhatCannotBe) {
    FrameUnpacker unpacker;
    const auto stored = compressSection(Block(1000));
    ASSERT_TRUE(stored);
    EXPECT_FALSE(unpackSection(*stored, 999, unpacker).isWhole());
    EXPECT_FALSE(unpackSection(*stored, 1001, unpacker).isWhole());
    const SectionContent huge = unpackSection(*stored, ~std::uint64_t{0}, unpacker);
    EXPECT_FALSE(huge.isWhole());
    EXPECT_TRUE(huge.bytes.empty());
    // A few bytes that would become megabytes of zeros.
    const auto bomb = compressSection(Block(std::size_t{64} << 20));
    ASSERT_TRUE(bomb);
    ASSERT_LT(bomb->size(), 100'000u);
    EXPECT_TRUE(unpackSection(*bomb, std::uint64_t{64} << 20, unpacker).bytes.empty());
}

} // namespace
} // namespace interleave::storage
