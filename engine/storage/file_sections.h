// SPDX-License-Identifier: GPL-3.0-or-later
// FileSections: the header of an .ilv file and the content of its sections, as far as the file is
// whole. Whatever the bytes, what is given lies within them and takes no more memory than
// file_layout.h allows for.
#pragma once

#include "engine/storage/compressed_section.h"
#include "engine/storage/file_bytes.h"
#include "engine/storage/file_layout.h"

namespace interleave::storage {

class FileSections {
public:
    /// An error says what is wrong with the header, without the name of the file or a full stop.
    static Result<FileSections> open(FileBytes file);

    /// Whether files of its version have such a section.
    bool has(SectionKind kind) const;
    /// Unpacked and, where the section has a checksum, compared with it.
    SectionContent content(SectionKind kind) const;
    /// The same of a table: empty also where it claims too many rows.
    SectionContent table(SectionKind kind) const;

    bool isCut() const { return m_file.bytes.size() < m_header.fileBytes; }
    std::uint64_t bytesThere() const { return m_file.bytes.size(); }
    std::uint64_t bytesWritten() const { return m_header.fileBytes; }

private:
    std::span<const std::byte> stored(const SectionEntry& entry) const;

    FileBytes m_file;
    std::shared_ptr<FrameUnpacker> m_unpacker = std::make_shared<FrameUnpacker>();
    FileHeader m_header;
};

} // namespace interleave::storage
