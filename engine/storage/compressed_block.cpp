// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/compressed_block.h"

#include <algorithm>
#include <memory>
#include <zstd.h>

namespace interleave::storage {

namespace {

// Level 3 is zstd's own default: columns of a timeline shrink to about a third at > 300 MB/s.
constexpr int kLevel = 3;
// zstd can't shrink further than this, so a block that claims more is damaged.
constexpr std::size_t kHighestRatio = std::size_t{1} << 20;
constexpr std::size_t kGrowth = std::size_t{1} << 20;

} // namespace

Result<std::vector<std::byte>> compressBlock(std::span<const std::byte> raw) {
    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                       &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    std::vector<std::byte> stored(ZSTD_compressBound(raw.size()));
    const std::size_t size =
        ZSTD_compress2(context.get(), stored.data(), stored.size(), raw.data(), raw.size());
    if (ZSTD_isError(size) != 0) {
        return fail(std::string("compression failed: ") + ZSTD_getErrorName(size));
    }
    stored.resize(size);
    return stored;
}

Result<std::vector<std::byte>> decompressBlock(std::span<const std::byte> stored,
                                               std::size_t expectedSize) {
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                       &ZSTD_freeDCtx);
    if (expectedSize / kHighestRatio > stored.size()) {
        return fail("has an impossible size");
    }
    std::vector<std::byte> raw;
    ZSTD_inBuffer input{stored.data(), stored.size(), 0};
    std::size_t filled = 0;
    while (true) {
        if (filled == raw.size()) {
            // One byte more than expected is enough to notice that there is too much.
            raw.resize(std::min(expectedSize + 1, raw.size() + std::max(kGrowth, raw.size())));
        }
        ZSTD_outBuffer output{raw.data(), raw.size(), filled};
        const std::size_t left = ZSTD_decompressStream(context.get(), &output, &input);
        if (ZSTD_isError(left) != 0) {
            return fail(std::string("damaged: ") + ZSTD_getErrorName(left));
        }
        const bool advanced = output.pos != filled;
        filled = output.pos;
        if (filled > expectedSize) {
            return fail("holds more than its header says");
        }
        if (left == 0) {
            break; // the frame and its checksum are complete
        }
        if (input.pos == input.size && !advanced) {
            return fail("is cut short");
        }
    }
    if (filled != expectedSize) {
        return fail("holds less than its header says");
    }
    raw.resize(filled);
    return raw;
}

} // namespace interleave::storage
