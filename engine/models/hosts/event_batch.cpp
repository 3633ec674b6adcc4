// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/hosts/event_batch.h"

#include "engine/models/hosts/host_numbers.h"

#include <algorithm>
#include <cstring>

namespace interleave::models {

namespace {

constexpr std::uint64_t kMagic = 0x3148'4342'564c'5449; // "ITLVBCH1"
constexpr std::size_t kLongestStreamName = 255;
constexpr std::uint32_t kMostStreams = 65'536;
constexpr std::uint32_t kMostSegments = 1u << 20;

struct BlockHead {
    std::uint32_t segment;
    std::uint32_t stream;
    std::uint32_t pid;
    std::uint32_t tid;
    std::uint32_t eventCount;
    std::uint16_t nameBytes;
    std::uint16_t role;
};
static_assert(sizeof(BlockHead) == 24);

void append(std::vector<std::byte>& batch, const void* data, std::size_t bytes) {
    const std::size_t end = batch.size();
    batch.resize(end + bytes);
    if (bytes > 0) {
        std::memcpy(batch.data() + end, data, bytes);
    }
}

bool isPossible(const BlockHead& head) {
    return head.segment < kMostSegments && head.stream > 0 && head.stream <= kMostStreams &&
           head.pid > 0 && head.pid < HostNumbers::kMostThreads && head.tid > 0 &&
           head.tid < HostNumbers::kMostThreads && head.nameBytes <= kLongestStreamName &&
           head.role <= static_cast<std::uint16_t>(record::StreamRole::Sampler);
}

} // namespace

std::vector<std::byte> emptyBatch() {
    std::vector<std::byte> batch;
    append(batch, &kMagic, sizeof kMagic);
    return batch;
}

void appendBlock(std::vector<std::byte>& batch, const EventBlock& block) {
    const std::size_t nameBytes = std::min(block.name.size(), kLongestStreamName);
    const BlockHead head{block.segment,
                         block.stream,
                         block.pid,
                         block.tid,
                         static_cast<std::uint32_t>(block.events.size()),
                         static_cast<std::uint16_t>(nameBytes),
                         static_cast<std::uint16_t>(block.role)};
    append(batch, &head, sizeof head);
    append(batch, block.name.data(), nameBytes);
    append(batch, block.events.data(), block.events.size() * sizeof(record::Event));
}

std::optional<std::vector<EventBlock>> blocksOf(std::span<const std::byte> batch) {
    const auto take = [&batch](void* data, std::size_t bytes) {
        if (bytes > batch.size()) {
            return false;
        }
        if (bytes > 0) {
            std::memcpy(data, batch.data(), bytes);
        }
        batch = batch.subspan(bytes);
        return true;
    };
    std::uint64_t magic = 0;
    if (!take(&magic, sizeof magic) || magic != kMagic) {
        return std::nullopt;
    }
    std::vector<EventBlock> blocks;
    while (!batch.empty()) {
        BlockHead head{};
        if (!take(&head, sizeof head) || !isPossible(head) ||
            head.eventCount > batch.size() / sizeof(record::Event)) {
            return std::nullopt;
        }
        EventBlock block{head.segment,
                         head.stream,
                         head.pid,
                         head.tid,
                         static_cast<record::StreamRole>(head.role),
                         std::string(head.nameBytes, '\0'),
                         std::vector<record::Event>(head.eventCount)};
        if (!take(block.name.data(), block.name.size()) ||
            !take(block.events.data(), block.events.size() * sizeof(record::Event))) {
            return std::nullopt;
        }
        blocks.push_back(std::move(block));
    }
    return blocks;
}

} // namespace interleave::models
