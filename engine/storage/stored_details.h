// SPDX-License-Identifier: GPL-3.0-or-later
// Detail texts in a file: sorted keys and their texts in blocks of about 64 kB, each one zstd
// frame, and an index of the blocks. A text is read when somebody asks for it; a few blocks stay
// unpacked, since who looks at one span looks at its neighbours next.
#pragma once

#include "engine/recording/recording.h"
#include "engine/storage/compressed_section.h"

#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

namespace interleave::storage {

struct DetailBlock {
    std::uint64_t firstKey = 0;
    std::uint64_t offset = 0; // within the section of the blocks
    std::uint32_t storedBytes = 0;
    std::uint32_t rawBytes = 0;
    std::uint32_t checksum = 0; // of the stored bytes
    std::uint32_t reserved = 0;
};
static_assert(sizeof(DetailBlock) == 32);

/// Where the blocks go, one after the other.
using DetailSink = std::function<Result<void>(std::span<const std::byte>)>;

/// Gives the texts of all keys that the recording's spans and marks have to the sink.
Result<std::vector<DetailBlock>> writeDetails(const recording::Recording& recording,
                                              const DetailSink& sink);

class StoredDetails final : public recording::DetailTexts {
public:
    /// None where the index is not one of such blocks. `owner` keeps `blocks` alive.
    static std::shared_ptr<const StoredDetails> open(std::shared_ptr<const void> owner,
                                                     std::span<const std::byte> blocks,
                                                     std::span<const std::byte> index);

    /// Without an index (it lies behind the blocks, so that a cut file has none): one is made from
    /// the blocks that are whole, all of which are unpacked once for it.
    static std::shared_ptr<const StoredDetails> openWithoutIndex(std::shared_ptr<const void> owner,
                                                                 std::span<const std::byte> blocks);

    std::string text(std::uint64_t key) const override;
    std::size_t blocks() const { return m_index.size(); }
    /// How many blocks differ from their checksum; reads all of them.
    std::size_t damagedBlocks(const std::stop_token& stop) const;

private:
    using Unpacked = std::shared_ptr<const Block>;
    struct Kept {
        std::size_t block = 0;
        Unpacked content;
    };
    static constexpr std::size_t kKept = 8;

    StoredDetails() = default;
    Unpacked unpacked(std::size_t block) const;
    std::span<const std::byte> stored(const DetailBlock& block) const {
        return m_blocks.subspan(static_cast<std::size_t>(block.offset), block.storedBytes);
    }

    std::shared_ptr<const void> m_owner;
    std::span<const std::byte> m_blocks;
    std::vector<DetailBlock> m_index;
    mutable FrameUnpacker m_unpacker; // by thread
    mutable std::mutex m_mutex;
    mutable std::vector<Kept> m_kept; // the latest last
};

} // namespace interleave::storage
