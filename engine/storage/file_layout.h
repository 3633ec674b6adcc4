// SPDX-License-Identifier: GPL-3.0-or-later
// How an .ilv file (version 3) lies on disk. A header says where each section is; what describes
// the recording comes before the spans, so that a file cut short still tells what it held. Sections
// begin at multiples of 8; integers are little endian. A compressed section is described in
// compressed_section.h, a table in packed_table.h, an image in engine/recording/span_image.h.
//
//   Description   JSON: run, range, objects, processes, diagnostics, counters
//   Strings .. Marks    one table each
//   SmallImages   span images one after the other, compressed as one
//   LargeImages   span images one after the other, as they lie in memory: opened by mapping
//   Details       blocks of {keys, texts}, each one zstd frame
//   DetailIndex   where each block of Details is and its first key
//   Messages, Bindings, Consumers    one table each, on disk before the images; since version 3
//
// Version 2 has the same without the last three; it is read too.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace interleave::storage {

static_assert(std::endian::native == std::endian::little, "the file format is little endian");

inline constexpr std::array<char, 8> kMagic{'I', 'L', 'V', '\r', '\n', '\x1a', '\n', '\0'};
inline constexpr std::uint32_t kVersion = 3;
inline constexpr std::uint32_t kOldestVersion = 2;

enum class SectionKind : std::uint32_t {
    Description,
    Strings,
    Tasks,
    Workers,
    Tracks,
    CounterPoints,
    Links,
    Switches,
    Marks,
    SmallImages,
    LargeImages,
    Details,
    DetailIndex,
    Messages,
    Bindings,
    Consumers,
};
inline constexpr std::size_t kSectionCount = 16;
inline constexpr std::size_t kSectionsOfVersion2 = 13;

struct SectionEntry {
    std::uint64_t offset = 0;
    std::uint64_t storedBytes = 0;
    std::uint64_t rawBytes = 0; // before compression
    // Of the stored bytes; 0 where the parts have their own: compressed pieces, large images and
    // details.
    std::uint32_t checksum = 0;
    std::uint32_t isCompressed = 0;
};

struct FileHeader {
    std::array<char, 8> magic = kMagic;
    std::uint32_t version = kVersion;
    std::uint32_t sectionCount = kSectionCount;
    std::uint64_t fileBytes = 0; // of the whole file: more than there is means that it was cut
    std::uint32_t reserved = 0;
    std::uint32_t checksum = 0; // of this header with 0 in this place
    std::array<SectionEntry, kSectionCount> sections{};

    SectionEntry& section(SectionKind kind) { return sections[static_cast<std::size_t>(kind)]; }
    const SectionEntry& section(SectionKind kind) const {
        return sections[static_cast<std::size_t>(kind)];
    }
};
static_assert(sizeof(FileHeader) == 32 + kSectionCount * 32);

constexpr std::size_t sectionCountOf(std::uint32_t version) {
    return version == 2 ? kSectionsOfVersion2 : kSectionCount;
}
constexpr std::size_t headerBytesOf(std::uint32_t version) {
    return 32 + sectionCountOf(version) * sizeof(SectionEntry);
}

/// How much memory a section may claim: a bound on what a few hostile bytes can cost. A writer
/// whose section claims more (a million equal rows) fills it up with zeros.
constexpr std::uint64_t roomFor(std::uint64_t storedBytes) {
    return (std::uint64_t{4} << 20) + 64 * storedBytes;
}

} // namespace interleave::storage
