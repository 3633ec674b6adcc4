// SPDX-License-Identifier: GPL-3.0-or-later
//
// A block's content: {count u32, 0 u32}, the keys (u64), where each text ends (u32), the texts.
#include "engine/storage/stored_details.h"

#include "engine/storage/checksum.h"
#include "engine/storage/file_layout.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>

namespace interleave::storage {

namespace {

using recording::Recording;

constexpr std::size_t kBlockText = std::size_t{64} << 10;
constexpr std::size_t kMostText = std::size_t{16} << 20; // of one key; the rest is left out
// What one block may unpack to, so that a damaged index costs no more.
constexpr std::size_t kMostBlock = kMostText + 2 * kBlockText + 16 * kBlockText;
constexpr std::size_t kMostStored = 2 * kMostBlock;
constexpr std::size_t kKeysPerPart = 2048;
constexpr std::size_t kPartsPerBatch = 64;

struct RawBlock {
    std::vector<std::uint64_t> keys;
    std::vector<std::uint32_t> ends;
    std::string texts;

    Block content() const {
        const std::array<std::uint32_t, 2> head{static_cast<std::uint32_t>(keys.size()), 0};
        Block bytes;
        const std::array<std::span<const std::byte>, 4> parts{
            std::as_bytes(std::span(head)), std::as_bytes(std::span(keys)),
            std::as_bytes(std::span(ends)), std::as_bytes(std::span(texts))};
        for (const std::span<const std::byte> part : parts) {
            bytes.insert(bytes.end(), part.begin(), part.end());
        }
        return bytes;
    }
};

void collectKeys(const recording::SpanColumns& spans, std::vector<std::uint64_t>& keys) {
    std::array<std::int64_t, recording::kBlockValues> values{};
    for (std::size_t i = 0; i < spans.size(); i += values.size()) {
        const std::size_t count = std::min(values.size(), spans.size() - i);
        spans.detail.packed().unpack(i, count, values.data());
        for (std::size_t k = 0; k < count; ++k) {
            if (values[k] != 0) {
                keys.push_back(static_cast<std::uint64_t>(values[k]));
            }
        }
    }
}

std::vector<std::uint64_t> sortedKeys(const Recording& recording) {
    std::vector<std::uint64_t> keys;
    for (const recording::Track& track : recording.tracks) {
        collectKeys(track.spans, keys);
    }
    for (const recording::Mark& mark : recording.marks) {
        if (mark.detail != 0) {
            keys.push_back(mark.detail);
        }
    }
    tbb::parallel_sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

/// The texts of some keys as blocks; keys without a text are left out.
std::vector<RawBlock> readTexts(const recording::DetailTexts& details,
                                std::span<const std::uint64_t> keys) {
    std::vector<RawBlock> blocks;
    for (const std::uint64_t key : keys) {
        std::string text = details.text(key);
        if (text.empty()) {
            continue;
        }
        text.resize(std::min(text.size(), kMostText));
        if (blocks.empty() || blocks.back().texts.size() + text.size() > kBlockText) {
            blocks.emplace_back();
        }
        RawBlock& block = blocks.back();
        block.keys.push_back(key);
        block.texts += text;
        block.ends.push_back(static_cast<std::uint32_t>(block.texts.size()));
    }
    return blocks;
}

/// Compresses blocks, gives them to the sink and adds them to the index.
Result<void> writeBlocks(std::span<const RawBlock> blocks, const DetailSink& sink,
                         std::uint64_t& offset, std::vector<DetailBlock>& index) {
    std::vector<Block> contents;
    for (const RawBlock& block : blocks) {
        contents.push_back(block.content());
    }
    const std::vector<std::span<const std::byte>> parts(contents.begin(), contents.end());
    const auto frames = compressFrames(parts);
    if (!frames) {
        return std::unexpected(frames.error());
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Block& frame = (*frames)[i];
        index.push_back({blocks[i].keys.front(), offset, static_cast<std::uint32_t>(frame.size()),
                         static_cast<std::uint32_t>(contents[i].size()), crc32c(frame), 0});
        if (Result<void> written = sink(frame); !written) {
            return written;
        }
        offset += frame.size();
    }
    return {};
}

/// Where the frames are that the bytes consist of, until the first that is not whole.
std::vector<DetailBlock> findFrames(std::span<const std::byte> blocks) {
    std::vector<DetailBlock> found;
    std::size_t position = 0;
    std::uint64_t rawBytes = 0; // of all: unpacking them must not take for ever
    while (const auto extent = firstFrame(blocks.subspan(position))) {
        rawBytes += std::min<std::uint64_t>(extent->rawBytes, kMostBlock);
        if (extent->rawBytes > kMostBlock || extent->storedBytes > kMostStored ||
            rawBytes > roomFor(blocks.size())) {
            break;
        }
        found.push_back({0, position, static_cast<std::uint32_t>(extent->storedBytes),
                         static_cast<std::uint32_t>(extent->rawBytes),
                         crc32c(blocks.subspan(position, extent->storedBytes)), 0});
        position += extent->storedBytes;
    }
    return found;
}

/// The text of a key within the content of a block.
std::string findText(std::span<const std::byte> content, std::uint64_t key) {
    std::uint32_t count = 0;
    if (content.size() < 8) {
        return {};
    }
    std::memcpy(&count, content.data(), sizeof(count));
    constexpr std::size_t kPerKey = sizeof(std::uint64_t) + sizeof(std::uint32_t);
    if (count > (content.size() - 8) / kPerKey) {
        return {};
    }
    const std::byte* keys = content.data() + 8;
    const auto keyAt = [&](std::size_t i) {
        std::uint64_t value = 0;
        std::memcpy(&value, keys + i * sizeof(value), sizeof(value));
        return value;
    };
    std::size_t low = 0;
    for (std::size_t high = count; low < high;) {
        const std::size_t middle = low + (high - low) / 2;
        if (keyAt(middle) < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == count || keyAt(low) != key) {
        return {};
    }
    const std::byte* ends = keys + count * sizeof(std::uint64_t);
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    if (low != 0) {
        std::memcpy(&begin, ends + (low - 1) * sizeof(begin), sizeof(begin));
    }
    std::memcpy(&end, ends + low * sizeof(end), sizeof(end));
    const auto texts = content.subspan(8 + count * kPerKey);
    if (begin > end || end > texts.size()) {
        return {};
    }
    return {reinterpret_cast<const char*>(texts.data()) + begin, end - begin};
}

} // namespace

Result<std::vector<DetailBlock>> writeDetails(const Recording& recording, const DetailSink& sink) {
    std::vector<DetailBlock> index;
    if (!recording.details) {
        return index;
    }
    const std::vector<std::uint64_t> keys = sortedKeys(recording);
    std::uint64_t offset = 0;
    constexpr std::size_t kBatch = kKeysPerPart * kPartsPerBatch;
    for (std::size_t first = 0; first < keys.size(); first += kBatch) {
        const auto batch = std::span(keys).subspan(first, std::min(kBatch, keys.size() - first));
        std::vector<std::vector<RawBlock>> parts((batch.size() + kKeysPerPart - 1) / kKeysPerPart);
        tbb::parallel_for(std::size_t{0}, parts.size(), [&](std::size_t i) {
            const std::size_t from = i * kKeysPerPart;
            parts[i] = readTexts(*recording.details,
                                 batch.subspan(from, std::min(kKeysPerPart, batch.size() - from)));
        });
        std::vector<RawBlock> blocks;
        for (std::vector<RawBlock>& part : parts) {
            std::ranges::move(part, std::back_inserter(blocks));
        }
        if (Result<void> written = writeBlocks(blocks, sink, offset, index); !written) {
            return std::unexpected(written.error());
        }
    }
    return index;
}

std::shared_ptr<const StoredDetails> StoredDetails::open(std::shared_ptr<const void> owner,
                                                         std::span<const std::byte> blocks,
                                                         std::span<const std::byte> index) {
    if (index.size() % sizeof(DetailBlock) != 0) {
        return nullptr;
    }
    std::shared_ptr<StoredDetails> details(new StoredDetails);
    details->m_index.resize(index.size() / sizeof(DetailBlock));
    if (!index.empty()) {
        std::memcpy(details->m_index.data(), index.data(), index.size());
    }
    const bool isSound = std::ranges::all_of(details->m_index, [&](const DetailBlock& block) {
        return block.offset <= blocks.size() && block.storedBytes <= blocks.size() - block.offset &&
               block.rawBytes <= kMostBlock;
    });
    if (!isSound || !std::ranges::is_sorted(details->m_index, {}, &DetailBlock::firstKey)) {
        return nullptr;
    }
    details->m_owner = std::move(owner);
    details->m_blocks = blocks;
    return details;
}

std::shared_ptr<const StoredDetails>
StoredDetails::openWithoutIndex(std::shared_ptr<const void> owner,
                                std::span<const std::byte> blocks) {
    std::vector<DetailBlock> index = findFrames(blocks);
    std::vector<char> isSound(index.size()); // not bool: written by several threads
    FrameUnpacker unpacker;
    tbb::parallel_for(std::size_t{0}, index.size(), [&](std::size_t i) {
        DetailBlock& block = index[i];
        Block content(block.rawBytes);
        const auto frame =
            blocks.subspan(static_cast<std::size_t>(block.offset), block.storedBytes);
        if (content.size() >= 16 && unpacker.unpack(frame, content)) {
            std::memcpy(&block.firstKey, content.data() + 8, sizeof(block.firstKey));
            isSound[i] = 1;
        }
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < index.size(); ++i) {
        if (isSound[i] != 0) {
            index[kept++] = index[i];
        }
    }
    index.resize(kept);
    return open(std::move(owner), blocks, std::as_bytes(std::span(index)));
}

StoredDetails::Unpacked StoredDetails::unpacked(std::size_t block) const {
    const auto isIt = [block](const Kept& kept) { return kept.block == block; };
    {
        const std::lock_guard lock(m_mutex);
        const auto known = std::ranges::find_if(m_kept, isIt);
        if (known != m_kept.end()) {
            std::rotate(known, known + 1, m_kept.end());
            return m_kept.back().content;
        }
    }
    // Unpacked without the lock: two readers may do it at once, which costs less than waiting.
    auto content = std::make_shared<Block>(m_index[block].rawBytes);
    if (!m_unpacker.unpack(stored(m_index[block]), *content)) {
        return nullptr;
    }
    const std::lock_guard lock(m_mutex);
    if (content->size() <= 4 * kBlockText && std::ranges::none_of(m_kept, isIt)) {
        if (m_kept.size() == kKept) {
            m_kept.erase(m_kept.begin());
        }
        m_kept.push_back({block, content});
    }
    return content;
}

std::string StoredDetails::text(std::uint64_t key) const {
    const auto after = std::ranges::upper_bound(m_index, key, {}, &DetailBlock::firstKey);
    if (after == m_index.begin()) {
        return {};
    }
    const Unpacked content = unpacked(static_cast<std::size_t>(after - m_index.begin() - 1));
    return content ? findText(*content, key) : std::string();
}

std::size_t StoredDetails::damagedBlocks(const std::stop_token& stop) const {
    std::atomic<std::size_t> damaged = 0;
    tbb::parallel_for(std::size_t{0}, m_index.size(), [&](std::size_t i) {
        if (!stop.stop_requested() && crc32c(stored(m_index[i])) != m_index[i].checksum) {
            damaged.fetch_add(1, std::memory_order_relaxed);
        }
    });
    return damaged;
}

} // namespace interleave::storage
