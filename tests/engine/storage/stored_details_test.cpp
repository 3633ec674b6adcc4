// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/stored_details.h"

#include "engine/recording/recording_builder.h"
#include "tests/engine/storage/random_recording.h"

#include <gtest/gtest.h>
#include <thread>

namespace interleave::storage {
namespace {

using namespace interleave::recording;

/// Texts as a file has them.
struct Written {
    Block blocks;
    std::vector<DetailBlock> index;

    std::shared_ptr<const StoredDetails> open() const {
        return StoredDetails::open(nullptr, blocks, std::as_bytes(std::span(index)));
    }
};

/// A recording with marks that have these texts.
Written write(std::shared_ptr<MappedDetails> details) {
    RecordingBuilder builder;
    for (const auto& [key, text] : details->texts) {
        builder.addMark({.detail = key});
        builder.addMark({.detail = key}); // a text is written once
    }
    builder.addMark({.detail = 424242}); // and a key without one not at all
    builder.setDetails(details);
    Written written;
    const auto index = writeDetails(*builder.finish(), [&](std::span<const std::byte> bytes) {
        written.blocks.insert(written.blocks.end(), bytes.begin(), bytes.end());
        return Result<void>();
    });
    EXPECT_TRUE(index);
    written.index = *index;
    return written;
}

std::shared_ptr<MappedDetails> manyTexts(std::uint64_t count) {
    auto details = std::make_shared<MappedDetails>();
    for (std::uint64_t i = 0; i < count; ++i) {
        details->texts[i * 0x9e3779b97f4a7c15u] = "{\"number\":" + std::to_string(i) + "}";
    }
    details->texts.erase(0); // no key
    return details;
}

TEST(StoredDetails, FindsEveryTextAndNoOther) {
    const auto details = manyTexts(10'000);
    const Written written = write(details);
    ASSERT_GT(written.index.size(), 3u);
    const auto stored = written.open();
    ASSERT_TRUE(stored);
    for (const auto& [key, text] : details->texts) {
        ASSERT_EQ(stored->text(key), text);
    }
    EXPECT_EQ(stored->text(0), "");
    EXPECT_EQ(stored->text(1), "");
    EXPECT_EQ(stored->text(424242), "");
    EXPECT_EQ(stored->text(~std::uint64_t{0}), "");
    EXPECT_EQ(stored->damagedBlocks({}), 0u);
}

TEST(StoredDetails, HoldsTextsLongerThanABlock) {
    auto details = manyTexts(10);
    details->texts[5] = std::string(3'000'000, 'l');
    const Written written = write(details);
    EXPECT_EQ(written.open()->text(5), details->texts[5]);
    EXPECT_EQ(written.open()->text(details->texts.rbegin()->first),
              details->texts.rbegin()->second);
}

TEST(StoredDetails, IsReadByManyThreadsAtOnce) {
    const auto details = manyTexts(5000);
    const Written written = write(details);
    const auto stored = written.open();
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (const auto& [key, text] : details->texts) {
                    wrong += stored->text(key) == text ? 0 : 1;
                }
            });
        }
    }
    EXPECT_EQ(wrong, 0);
}

TEST(StoredDetails, DamageCostsTheTextsOfItsBlockOnly) {
    const auto details = manyTexts(10'000);
    Written written = write(details);
    written.blocks[written.index[1].offset + written.index[1].storedBytes / 2] ^= std::byte{1};
    const auto stored = written.open();
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->damagedBlocks({}), 1u);
    for (const auto& [key, text] : details->texts) {
        const bool isInDamaged =
            key >= written.index[1].firstKey && key < written.index[2].firstKey;
        ASSERT_EQ(stored->text(key), isInDamaged ? "" : text);
    }
}

TEST(StoredDetails, BlocksBeforeACutAreFoundWithoutTheIndex) {
    const auto details = manyTexts(10'000);
    const Written written = write(details);
    const auto whole = StoredDetails::openWithoutIndex(nullptr, written.blocks);
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->blocks(), written.index.size());
    const auto cut = StoredDetails::openWithoutIndex(
        nullptr, std::span(written.blocks).first(written.index[3].offset + 1));
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->blocks(), 3u);
    for (const auto& [key, text] : details->texts) {
        ASSERT_EQ(whole->text(key), text);
        ASSERT_EQ(cut->text(key), key < written.index[3].firstKey ? text : "");
    }
    EXPECT_EQ(StoredDetails::openWithoutIndex(nullptr, {})->blocks(), 0u);
}

TEST(StoredDetails, AnIndexThatLeavesItsBlocksIsRefused) {
    Written written = write(manyTexts(10'000));
    written.index[1].offset = written.blocks.size();
    EXPECT_FALSE(written.open());
    written.index[1].offset = ~std::uint64_t{0};
    EXPECT_FALSE(written.open());
    written.index[1] = written.index[0];
    written.index[1].rawBytes = ~std::uint32_t{0};
    EXPECT_FALSE(written.open());
}

} // namespace
} // namespace interleave::storage
