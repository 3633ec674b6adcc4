// SPDX-License-Identifier: GPL-3.0-or-later
// What a hostile hand does to an .ilv file: changes it and puts the right checksums back, so that
// what is behind them is reached. For tests and for the fuzzer.
#pragma once

#include "engine/storage/checksum.h"
#include "engine/storage/compressed_section.h"
#include "engine/storage/file_layout.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace interleave::storage {

inline std::span<const std::byte> bytesOf(const std::string& text) {
    return std::as_bytes(std::span(text));
}

/// Puts the right magic, version (2 if it was) and checksums into bytes that are long enough for a
/// header.
inline void sign(std::string& bytes) {
    FileHeader header;
    if (bytes.size() < sizeof(header)) {
        return;
    }
    std::memcpy(&header, bytes.data(), sizeof(header));
    header.magic = kMagic;
    header.version = header.version == kOldestVersion ? kOldestVersion : kVersion;
    header.sectionCount = static_cast<std::uint32_t>(sectionCountOf(header.version));
    const std::size_t headerBytes = headerBytesOf(header.version);
    for (SectionEntry& entry : header.sections) {
        const bool isThere =
            entry.offset <= bytes.size() && entry.rawBytes <= bytes.size() - entry.offset;
        if (entry.isCompressed == 0 && isThere) {
            entry.checksum = checksumOf(bytesOf(bytes).subspan(entry.offset, entry.rawBytes));
        }
    }
    header.checksum = 0;
    header.checksum = crc32c(std::as_bytes(std::span(&header, 1)).first(headerBytes));
    std::memcpy(bytes.data(), &header, headerBytes);
}

/// The same file with nothing compressed: each of its bytes means something.
inline std::string uncompressed(const std::string& bytes) {
    FileHeader header;
    std::memcpy(&header, bytes.data(), sizeof(header));
    std::string plain(sizeof(header), '\0');
    FrameUnpacker unpacker;
    for (SectionEntry& entry : header.sections) {
        const auto stored = bytesOf(bytes).subspan(entry.offset, entry.storedBytes);
        const SectionContent content =
            entry.isCompressed != 0
                ? unpackSection(stored, entry.rawBytes, unpacker)
                : SectionContent{nullptr, stored.first(entry.rawBytes), entry.rawBytes, {}};
        plain.resize((plain.size() + 7) / 8 * 8);
        entry.offset = plain.size();
        entry.rawBytes = entry.storedBytes = content.bytes.size();
        entry.isCompressed = 0;
        plain.append(reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size());
    }
    header.fileBytes = plain.size();
    std::memcpy(plain.data(), &header, sizeof(header));
    sign(plain);
    return plain;
}

} // namespace interleave::storage
