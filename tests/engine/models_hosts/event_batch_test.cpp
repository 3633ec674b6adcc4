// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/hosts/event_batch.h"

#include <cstring>
#include <gtest/gtest.h>

namespace interleave::models {
namespace {

using record::Event;
using record::EventKind;

EventBlock someBlock() {
    return {
        3,
        1,
        4711,
        4712,
        record::StreamRole::Worker,
        "worker 1",
        {{std::uint64_t{77} << 8 | static_cast<std::uint64_t>(EventKind::ThreadStarted), 4712, 0},
         {std::uint64_t{99} << 8 | static_cast<std::uint64_t>(EventKind::Woken), 1, 2}}};
}

TEST(EventBatch, ComesBackAsItWas) {
    auto batch = emptyBatch();
    EventBlock second = someBlock();
    second.stream = 2;
    second.role = record::StreamRole::Kernel;
    second.name.clear();
    second.events.clear();
    appendBlock(batch, someBlock());
    appendBlock(batch, second);
    const auto blocks = blocksOf(batch);
    ASSERT_TRUE(blocks);
    ASSERT_EQ(blocks->size(), 2u);
    const EventBlock& first = blocks->front();
    EXPECT_EQ(first.segment, 3u);
    EXPECT_EQ(first.pid, 4711u);
    EXPECT_EQ(first.tid, 4712u);
    EXPECT_EQ(first.name, "worker 1");
    ASSERT_EQ(first.events.size(), 2u);
    EXPECT_EQ(first.events[1].stamp(), 99u);
    EXPECT_EQ(first.events[1].kind(), EventKind::Woken);
    EXPECT_EQ(first.events[1].b, 2u);
    EXPECT_EQ(blocks->back().role, record::StreamRole::Kernel);
    EXPECT_TRUE(blocks->back().events.empty());
}

TEST(EventBatch, CutAnywhereInABlockIsNone) {
    auto batch = emptyBatch();
    appendBlock(batch, someBlock());
    for (std::size_t length = 0; length < batch.size(); ++length) {
        const auto blocks = blocksOf(std::span(batch).first(length));
        EXPECT_EQ(blocks.has_value(), length == emptyBatch().size()) << length;
    }
}

TEST(EventBatch, ThatSaysWhatCantBeIsNone) {
    const auto isRefused = [](auto&& change) {
        EventBlock block = someBlock();
        change(block);
        auto batch = emptyBatch();
        appendBlock(batch, block);
        return !blocksOf(batch).has_value();
    };
    EXPECT_TRUE(isRefused([](EventBlock& block) { block.stream = 0; }));
    EXPECT_TRUE(isRefused([](EventBlock& block) { block.tid = 1u << 22; }));
    EXPECT_TRUE(isRefused([](EventBlock& block) { block.pid = 0; }));
    EXPECT_TRUE(isRefused([](EventBlock& block) { block.segment = 1u << 21; }));
    EXPECT_TRUE(
        isRefused([](EventBlock& block) { block.role = static_cast<record::StreamRole>(9); }));
    EXPECT_FALSE(isRefused([](EventBlock&) {}));
}

TEST(EventBatch, WithACountBeyondItsEndIsNoneAndTakesNoMemory) {
    auto batch = emptyBatch();
    appendBlock(batch, someBlock());
    const std::uint32_t many = 0xffff'ffff;
    std::memcpy(batch.data() + emptyBatch().size() + 16, &many, sizeof many);
    EXPECT_FALSE(blocksOf(batch));
}

} // namespace
} // namespace interleave::models
