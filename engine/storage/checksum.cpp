// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/checksum.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tbb/parallel_for.h>
#include <vector>

namespace interleave::storage {

namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78; // Castagnoli's, bits reversed
constexpr std::size_t kWord = sizeof(std::uint64_t);

using Tables = std::array<std::array<std::uint32_t, 256>, kWord>;

// Source of the method: Kounavis, Berry: A systematic approach to building high performance
// software-based CRC generators (2005): one table per byte of a word.
constexpr Tables makeTables() {
    Tables tables{};
    for (std::uint32_t value = 0; value < 256; ++value) {
        std::uint32_t crc = value;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? kPolynomial : 0);
        }
        tables[0][value] = crc;
    }
    for (std::size_t t = 1; t < tables.size(); ++t) {
        for (std::size_t value = 0; value < 256; ++value) {
            const std::uint32_t before = tables[t - 1][value];
            tables[t][value] = (before >> 8) ^ tables[0][before & 0xff];
        }
    }
    return tables;
}

constexpr Tables kTables = makeTables();

std::uint64_t wordAt(const std::byte* data) {
    std::uint64_t word = 0;
    std::memcpy(&word, data, sizeof(word));
    return word;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t nativeCrc32c(std::span<const std::byte> bytes) {
    std::uint64_t crc = 0xffffffff;
    std::size_t i = 0;
    for (; i + kWord <= bytes.size(); i += kWord) {
        crc = __builtin_ia32_crc32di(crc, wordAt(bytes.data() + i));
    }
    auto narrow = static_cast<std::uint32_t>(crc);
    for (; i < bytes.size(); ++i) {
        narrow = __builtin_ia32_crc32qi(narrow, std::to_integer<unsigned char>(bytes[i]));
    }
    return ~narrow;
}
#endif

} // namespace

std::uint32_t portableCrc32c(std::span<const std::byte> bytes) {
    std::uint32_t crc = 0xffffffff;
    std::size_t i = 0;
    for (; i + kWord <= bytes.size(); i += kWord) {
        const std::uint64_t word = wordAt(bytes.data() + i) ^ crc;
        crc = 0;
        for (std::size_t byte = 0; byte < kWord; ++byte) {
            crc ^= kTables[kWord - 1 - byte][(word >> (8 * byte)) & 0xff];
        }
    }
    for (; i < bytes.size(); ++i) {
        crc = (crc >> 8) ^ kTables[0][(crc ^ std::to_integer<std::uint32_t>(bytes[i])) & 0xff];
    }
    return ~crc;
}

std::uint32_t crc32c(std::span<const std::byte> bytes) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2") != 0) {
        return nativeCrc32c(bytes);
    }
#endif
    return portableCrc32c(bytes);
}

std::uint32_t checksumOf(std::span<const std::byte> bytes) {
    if (bytes.size() <= kChecksumPiece) {
        return crc32c(bytes);
    }
    std::vector<std::uint32_t> pieces((bytes.size() + kChecksumPiece - 1) / kChecksumPiece);
    tbb::parallel_for(std::size_t{0}, pieces.size(), [&](std::size_t i) {
        const std::size_t first = i * kChecksumPiece;
        pieces[i] = crc32c(bytes.subspan(first, std::min(kChecksumPiece, bytes.size() - first)));
    });
    return crc32c(std::as_bytes(std::span(pieces)));
}

} // namespace interleave::storage
