// SPDX-License-Identifier: GPL-3.0-or-later
// A compressed section: the stored size of each piece (u32), then the pieces, each a zstd frame
// with its checksum and kPieceBytes of content (the last one less). Pieces are packed and unpacked
// on all cores, and one that is missing or damaged leaves the others readable.
#pragma once

#include "engine/base/result.h"
#include "engine/storage/file_bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tbb/enumerable_thread_specific.h>
#include <vector>

struct ZSTD_DCtx_s; // the decompressor of zstd.h

namespace interleave::storage {

inline constexpr std::size_t kPieceBytes = std::size_t{256} << 10;

using Block = std::vector<std::byte>;

Result<Block> compressSection(std::span<const std::byte> raw);

/// How long the frame is that the bytes begin with, and what comes out of it; none if it is not
/// whole or does not say.
struct FrameExtent {
    std::size_t storedBytes = 0;
    std::uint64_t rawBytes = 0;
};
std::optional<FrameExtent> firstFrame(std::span<const std::byte> bytes);

/// Unpacks frames; keeps a decompressor for each thread, which costs more to make than to use.
class FrameUnpacker {
public:
    FrameUnpacker();
    /// False unless exactly as many bytes come out as `raw` has. Any thread.
    bool unpack(std::span<const std::byte> stored, std::span<std::byte> raw);

private:
    struct Free {
        void operator()(ZSTD_DCtx_s* context) const;
    };
    tbb::enumerable_thread_specific<std::unique_ptr<ZSTD_DCtx_s, Free>> m_contexts;
};

/// A section's content, as far as it could be had.
struct SectionContent {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> bytes;       // may end early
    std::uint64_t wholeBytes = 0;           // what there should be
    std::vector<std::size_t> damagedPieces; // of kPieceBytes each, in order

    bool isWhole() const { return bytes.size() == wholeBytes && damagedPieces.empty(); }
    /// Whether [offset, offset + size) is there and sound.
    bool has(std::uint64_t offset, std::uint64_t size) const;
};

/// `stored` may be cut short. Memory is taken only for pieces that are there.
SectionContent unpackSection(std::span<const std::byte> stored, std::uint64_t rawBytes,
                             FrameUnpacker& unpacker);

/// Frames on their own, one for each part.
Result<std::vector<Block>> compressFrames(std::span<const std::span<const std::byte>> parts);

} // namespace interleave::storage
