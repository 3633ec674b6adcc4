// SPDX-License-Identifier: GPL-3.0-or-later
// Checksums of what lies uncompressed in a file: CRC-32C (Castagnoli), with the processor's own
// instruction where it has one. Long data is summed in pieces on all cores; the checksum of the
// whole is that of the pieces' checksums. Guards against accidents, not against forgers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace interleave::storage {

inline constexpr std::size_t kChecksumPiece = std::size_t{1} << 20;

/// The CRC-32C of the bytes, as in RFC 3720: that of "123456789" is 0xe3069283.
std::uint32_t crc32c(std::span<const std::byte> bytes);
/// The same without the processor's instruction; for machines that lack it, and to test it.
std::uint32_t portableCrc32c(std::span<const std::byte> bytes);
/// Up to kChecksumPiece bytes: their CRC; more: the CRC of their pieces' CRCs, little endian.
std::uint32_t checksumOf(std::span<const std::byte> bytes);

} // namespace interleave::storage
