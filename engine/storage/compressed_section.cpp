// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/compressed_section.h"

#include "engine/storage/file_layout.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <zstd.h>

namespace interleave::storage {

namespace {

// Level 3 is zstd's own default: good shrinking at > 300 MB/s a core.
constexpr int kLevel = 3;

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
using Compressor = std::unique_ptr<ZSTD_CCtx, FreeCompressor>;

Compressor makeCompressor() {
    Compressor context(ZSTD_createCCtx());
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    return context;
}

/// Empty on failure, of which only lack of memory is left.
Block compressWith(const Compressor& context, std::span<const std::byte> raw) {
    Block stored(ZSTD_compressBound(raw.size()));
    const std::size_t size =
        ZSTD_compress2(context.get(), stored.data(), stored.size(), raw.data(), raw.size());
    stored.resize(ZSTD_isError(size) != 0 ? 0 : size);
    return stored;
}

std::size_t piecesOf(std::uint64_t rawBytes) {
    return static_cast<std::size_t>((rawBytes + kPieceBytes - 1) / kPieceBytes);
}

/// The pieces that are whole, until the first that isn't there.
std::vector<std::span<const std::byte>> cutPieces(std::span<const std::byte> stored,
                                                  std::uint64_t rawBytes) {
    std::vector<std::span<const std::byte>> pieces;
    const std::uint64_t count = rawBytes / kPieceBytes + (rawBytes % kPieceBytes != 0 ? 1 : 0);
    if (count > stored.size() / sizeof(std::uint32_t)) {
        return pieces;
    }
    std::size_t position = static_cast<std::size_t>(count) * sizeof(std::uint32_t);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t size = 0;
        std::memcpy(&size, stored.data() + i * sizeof(size), sizeof(size));
        if (size > stored.size() - position) {
            break;
        }
        pieces.push_back(stored.subspan(position, size));
        position += size;
    }
    return pieces;
}

} // namespace

Result<std::vector<Block>> compressFrames(std::span<const std::span<const std::byte>> parts) {
    std::vector<Block> frames(parts.size());
    tbb::enumerable_thread_specific<Compressor> contexts(&makeCompressor);
    tbb::parallel_for(std::size_t{0}, parts.size(),
                      [&](std::size_t i) { frames[i] = compressWith(contexts.local(), parts[i]); });
    if (std::ranges::any_of(frames, &Block::empty)) {
        return fail("There is not enough memory to compress the recording; close other programs.");
    }
    return frames;
}

Result<Block> compressSection(std::span<const std::byte> raw) {
    std::vector<std::span<const std::byte>> parts(piecesOf(raw.size()));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t first = i * kPieceBytes;
        parts[i] = raw.subspan(first, std::min(kPieceBytes, raw.size() - first));
    }
    const auto pieces = compressFrames(parts);
    if (!pieces) {
        return std::unexpected(pieces.error());
    }
    Block stored(pieces->size() * sizeof(std::uint32_t));
    for (std::size_t i = 0; i < pieces->size(); ++i) {
        const Block& piece = (*pieces)[i];
        const auto size = static_cast<std::uint32_t>(piece.size());
        std::memcpy(stored.data() + i * sizeof(size), &size, sizeof(size));
        stored.insert(stored.end(), piece.begin(), piece.end());
    }
    return stored;
}

bool SectionContent::has(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes.size() || size > bytes.size() - offset) {
        return false;
    }
    if (size == 0 || damagedPieces.empty()) {
        return true;
    }
    const auto next = std::ranges::lower_bound(damagedPieces, offset / kPieceBytes);
    return next == damagedPieces.end() || *next > (offset + size - 1) / kPieceBytes;
}

std::optional<FrameExtent> firstFrame(std::span<const std::byte> bytes) {
    const std::size_t stored = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
    const unsigned long long raw = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (ZSTD_isError(stored) != 0 || raw == ZSTD_CONTENTSIZE_UNKNOWN ||
        raw == ZSTD_CONTENTSIZE_ERROR) {
        return std::nullopt;
    }
    return FrameExtent{stored, raw};
}

FrameUnpacker::FrameUnpacker() = default;

void FrameUnpacker::Free::operator()(ZSTD_DCtx_s* context) const {
    ZSTD_freeDCtx(context);
}

bool FrameUnpacker::unpack(std::span<const std::byte> stored, std::span<std::byte> raw) {
    auto& context = m_contexts.local();
    if (!context) {
        context.reset(ZSTD_createDCtx());
    }
    const std::size_t size =
        ZSTD_decompressDCtx(context.get(), raw.data(), raw.size(), stored.data(), stored.size());
    return ZSTD_isError(size) == 0 && size == raw.size();
}

SectionContent unpackSection(std::span<const std::byte> stored, std::uint64_t rawBytes,
                             FrameUnpacker& unpacker) {
    SectionContent content;
    content.wholeBytes = rawBytes;
    const auto pieces = cutPieces(stored, rawBytes);
    const std::uint64_t there = std::min<std::uint64_t>(rawBytes, pieces.size() * kPieceBytes);
    if (there > roomFor(stored.size())) {
        return content;
    }
    const ByteBuffer buffer(static_cast<std::size_t>(there));
    std::vector<char> isSound(pieces.size()); // not bool: written by several threads
    tbb::parallel_for(std::size_t{0}, pieces.size(), [&](std::size_t i) {
        const std::size_t first = i * kPieceBytes;
        const auto target =
            buffer.bytes.subspan(first, std::min(kPieceBytes, buffer.bytes.size() - first));
        isSound[i] = unpacker.unpack(pieces[i], target) ? 1 : 0;
    });
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (isSound[i] == 0) {
            content.damagedPieces.push_back(i);
        }
    }
    content.owner = buffer.memory;
    content.bytes = buffer.bytes;
    return content;
}

} // namespace interleave::storage
