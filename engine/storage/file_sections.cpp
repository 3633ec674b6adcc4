// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/file_sections.h"

#include "engine/storage/checksum.h"
#include "engine/storage/packed_table.h"
#include "engine/storage/recording_tables.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace interleave::storage {

namespace {

/// What every version has at its beginning.
struct VersionHead {
    std::array<char, 8> magic;
    std::uint32_t version;
};

Result<void> checkVersion(std::span<const std::byte> bytes) {
    VersionHead head{};
    std::memcpy(&head, bytes.data(), std::min(bytes.size(), sizeof(head)));
    if (head.magic != kMagic) {
        return fail("is not an Interleave recording; choose an .ilv file");
    }
    if (bytes.size() < sizeof(head)) {
        return fail("is cut short in its header; nothing of it is left");
    }
    if (head.version > kVersion) {
        return fail(fmt::format("has format {} but this program reads format {}; open it with a "
                                "newer Interleave",
                                head.version, kVersion));
    }
    if (head.version < kOldestVersion) {
        return fail(fmt::format("has format {}, which only early versions of Interleave wrote and "
                                "this one, of format {}, can't read; record it again",
                                head.version, kVersion));
    }
    return {};
}

/// Sections that the file's version does not have are empty.
bool isSound(const FileHeader& header) {
    FileHeader unsummed = header;
    unsummed.checksum = 0;
    const auto bytes = std::as_bytes(std::span(&unsummed, 1)).first(headerBytesOf(header.version));
    return crc32c(bytes) == header.checksum &&
           header.sectionCount == sectionCountOf(header.version) &&
           std::ranges::all_of(header.sections, [&](const SectionEntry& entry) {
               return entry.offset % 8 == 0 && entry.offset <= header.fileBytes &&
                      entry.storedBytes <= header.fileBytes - entry.offset &&
                      (entry.isCompressed != 0 || entry.rawBytes <= entry.storedBytes);
           });
}

bool hasChecksum(SectionKind kind) {
    return kind != SectionKind::LargeImages && kind != SectionKind::Details;
}

} // namespace

Result<FileSections> FileSections::open(FileBytes file) {
    if (auto checked = checkVersion(file.bytes); !checked) {
        return std::unexpected(checked.error());
    }
    FileSections sections;
    std::uint32_t version = 0;
    std::memcpy(&version, file.bytes.data() + offsetof(VersionHead, version), sizeof(version));
    const std::size_t headerBytes = headerBytesOf(version);
    if (file.bytes.size() < headerBytes) {
        return fail("is cut short in its header; nothing of it is left");
    }
    std::memcpy(&sections.m_header, file.bytes.data(), headerBytes);
    if (!isSound(sections.m_header)) {
        return fail("is damaged in its header; nothing of it can be read");
    }
    sections.m_file = std::move(file);
    return sections;
}

std::span<const std::byte> FileSections::stored(const SectionEntry& entry) const {
    const std::uint64_t size = m_file.bytes.size();
    if (entry.offset >= size) {
        return {};
    }
    return m_file.bytes.subspan(
        static_cast<std::size_t>(entry.offset),
        static_cast<std::size_t>(std::min(entry.storedBytes, size - entry.offset)));
}

SectionContent FileSections::content(SectionKind kind) const {
    const SectionEntry& entry = m_header.section(kind);
    const std::span<const std::byte> bytes = stored(entry);
    if (entry.isCompressed != 0) {
        return unpackSection(bytes, entry.rawBytes, *m_unpacker);
    }
    SectionContent content;
    content.owner = m_file.owner;
    content.wholeBytes = entry.rawBytes;
    content.bytes = bytes.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(entry.rawBytes, bytes.size())));
    if (hasChecksum(kind) && content.isWhole() && checksumOf(content.bytes) != entry.checksum) {
        content.bytes = {};
    }
    return content;
}

bool FileSections::has(SectionKind kind) const {
    return static_cast<std::size_t>(kind) < sectionCountOf(m_header.version);
}

SectionContent FileSections::table(SectionKind kind) const {
    SectionContent found = content(kind);
    const std::uint64_t room = roomFor(stored(m_header.section(kind)).size());
    if (found.bytes.size() > room ||
        TableReader::rowsClaimed(found.bytes) > (room - found.bytes.size()) / rowMemory(kind)) {
        found.bytes = {};
    }
    return found;
}

} // namespace interleave::storage
