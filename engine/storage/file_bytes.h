// SPDX-License-Identifier: GPL-3.0-or-later
// FileBytes: the bytes of a file, however they came into memory. Small files are read, so that
// nothing that happens to the file later matters. Large ones are mapped, so that opening costs
// nothing and only what is looked at is read. What holds of a mapped file: we replace files by
// renaming, never in place, so whoever has one open keeps the old one; but if another program cuts
// it or writes into it while it is open, or its disk fails, reading it can end the program.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace interleave::storage {

inline constexpr std::size_t kLeastMappedBytes = std::size_t{16} << 20;

struct FileBytes {
    std::shared_ptr<const void> owner; // keeps the bytes alive
    std::span<const std::byte> bytes;  // begin at a multiple of 8
};

/// Files of `leastMapped` bytes and more are mapped.
Result<FileBytes> openFileBytes(const std::filesystem::path& file,
                                std::size_t leastMapped = kLeastMappedBytes);
/// A copy of bytes that somebody else holds.
FileBytes copyBytes(std::span<const std::byte> bytes);

/// Memory for bytes, beginning at a multiple of 8; its content is undefined.
struct ByteBuffer {
    explicit ByteBuffer(std::size_t size);
    std::shared_ptr<std::uint64_t[]> memory;
    std::span<std::byte> bytes;
};

} // namespace interleave::storage
