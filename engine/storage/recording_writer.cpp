// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/check.h"
#include "engine/storage/atomic_file.h"
#include "engine/storage/checksum.h"
#include "engine/storage/file_layout.h"
#include "engine/storage/recording_file.h"
#include "engine/storage/recording_json.h"
#include "engine/storage/recording_tables.h"
#include "engine/storage/stored_details.h"

#include <algorithm>
#include <numeric>

namespace interleave::storage {

namespace {

using recording::Recording;
using recording::Track;

// Recordings with less than this in images are small: all of it is compressed.
constexpr std::uint64_t kSmallRecording = std::uint64_t{16} << 20;
// In larger ones only the images of short tracks are: there may be a million of them.
constexpr std::uint64_t kSmallImage = 4096;
// Tables of numbers above this are stored as they are, so that opening does not wait for them.
constexpr std::uint64_t kMostCompressedTable = std::uint64_t{4} << 20;

/// Writes sections one after the other and, at the end, the header over the room left for it.
class SectionWriter {
public:
    explicit SectionWriter(AtomicFile& file)
        : m_file(file) {}

    Result<void> begin() { return write(std::as_bytes(std::span(&m_header, 1))); }
    Result<void> addCompressed(SectionKind kind, std::span<const std::byte> raw,
                               std::uint64_t memory);
    Result<void> addRaw(SectionKind kind, std::span<const std::byte> raw, std::uint64_t memory);
    /// A section that is written in parts, which have their own checksums.
    Result<void> open(SectionKind kind);
    Result<void> write(std::span<const std::byte> bytes);
    void close(SectionKind kind);
    Result<void> finish();

private:
    Result<void> addStored(SectionKind kind, std::span<const std::byte> stored,
                           std::uint64_t memory);

    AtomicFile& m_file;
    FileHeader m_header;
    std::uint64_t m_position = 0;
};

Result<void> SectionWriter::write(std::span<const std::byte> bytes) {
    m_position += bytes.size();
    return m_file.write(bytes);
}

Result<void> SectionWriter::open(SectionKind kind) {
    static constexpr std::array<std::byte, 8> kZeros{};
    if (m_position % 8 != 0) {
        if (auto padded = write(std::span(kZeros).first(8 - m_position % 8)); !padded) {
            return padded;
        }
    }
    m_header.section(kind).offset = m_position;
    return {};
}

void SectionWriter::close(SectionKind kind) {
    SectionEntry& entry = m_header.section(kind);
    entry.storedBytes = m_position - entry.offset;
    if (entry.rawBytes == 0 && entry.isCompressed == 0) {
        entry.rawBytes = entry.storedBytes;
    }
}

/// Zeros follow a section that holds more than its bytes would be believed to.
Result<void> SectionWriter::addStored(SectionKind kind, std::span<const std::byte> stored,
                                      std::uint64_t memory) {
    if (auto opened = open(kind); !opened) {
        return opened;
    }
    if (auto written = write(stored); !written) {
        return written;
    }
    if (memory > roomFor(stored.size())) {
        const std::uint64_t wanted = (memory - roomFor(0)) / 64 + 1;
        const Block zeros(static_cast<std::size_t>(wanted - stored.size()));
        if (auto filled = write(zeros); !filled) {
            return filled;
        }
    }
    close(kind);
    return {};
}

Result<void> SectionWriter::addCompressed(SectionKind kind, std::span<const std::byte> raw,
                                          std::uint64_t memory) {
    const Result<Block> stored = compressSection(raw);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    m_header.section(kind).rawBytes = raw.size();
    m_header.section(kind).isCompressed = 1;
    return addStored(kind, *stored, memory);
}

Result<void> SectionWriter::addRaw(SectionKind kind, std::span<const std::byte> raw,
                                   std::uint64_t memory) {
    m_header.section(kind).rawBytes = raw.size();
    m_header.section(kind).checksum = checksumOf(raw);
    return addStored(kind, raw, memory);
}

Result<void> SectionWriter::finish() {
    m_header.fileBytes = m_position;
    m_header.checksum = crc32c(std::as_bytes(std::span(&m_header, 1)));
    return m_file.overwrite(0, std::as_bytes(std::span(&m_header, 1)));
}

/// Decides where the image of each track goes.
std::vector<TrackImage> planImages(const Recording& recording) {
    std::vector<TrackImage> images(recording.tracks.size());
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const recording::SpanColumns& spans = recording.tracks[i].spans;
        if (!spans.isEmpty()) {
            images[i].spans = spans.size();
            images[i].bytes = spans.image().size();
            CHECK(images[i].bytes % 8 == 0);
        }
        total += images[i].bytes;
    }
    for (std::size_t i = 0; i < images.size(); ++i) {
        images[i].isLarge = total > kSmallRecording && images[i].bytes > kSmallImage;
        if (images[i].isLarge) { // the others are compressed and have checksums there
            images[i].checksum = checksumOf(recording.tracks[i].spans.image());
        }
    }
    return images;
}

Result<void> addTable(SectionWriter& writer, SectionKind kind, const Block& table,
                      bool isCompressed) {
    const std::uint64_t memory = table.size() + TableReader::rowsClaimed(table) * rowMemory(kind);
    return isCompressed || table.size() <= kMostCompressedTable
               ? writer.addCompressed(kind, table, memory)
               : writer.addRaw(kind, table, memory);
}

Result<void> addTables(SectionWriter& writer, const Recording& recording,
                       std::span<const TrackImage> images) {
    const std::string description = describe(recording);
    const auto text = std::as_bytes(std::span(description));
    if (auto added = writer.addCompressed(SectionKind::Description, text, text.size()); !added) {
        return added;
    }
    const auto add = [&](SectionKind kind, const Block& table, bool isCompressed) {
        return addTable(writer, kind, table, isCompressed);
    };
    // One after the other: each table is gone before the next is made.
    Result<void> added = add(SectionKind::Strings, packStrings(recording), true);
    const auto next = [&](SectionKind kind, auto&& pack, bool isCompressed) {
        if (added) {
            added = add(kind, pack(), isCompressed);
        }
    };
    next(
        SectionKind::Tasks, [&] { return packTasks(recording); }, true);
    next(
        SectionKind::Workers, [&] { return packWorkers(recording); }, true);
    next(
        SectionKind::Tracks, [&] { return packTracks(recording, images); }, true);
    next(
        SectionKind::CounterPoints, [&] { return packCounterPoints(recording); }, false);
    next(
        SectionKind::Links, [&] { return packLinks(recording); }, false);
    next(
        SectionKind::Switches, [&] { return packSwitches(recording); }, false);
    next(
        SectionKind::Marks, [&] { return packMarks(recording); }, false);
    next(
        SectionKind::Messages, [&] { return packMessages(recording); }, false);
    next(
        SectionKind::Bindings, [&] { return packBindings(recording); }, true);
    next(
        SectionKind::Consumers, [&] { return packConsumers(recording); }, true);
    return added;
}

Result<void> addImages(SectionWriter& writer, const Recording& recording,
                       std::span<const TrackImage> images) {
    Block small;
    for (std::size_t i = 0; i < images.size(); ++i) {
        if (!images[i].isLarge && images[i].bytes != 0) {
            const auto image = recording.tracks[i].spans.image();
            small.insert(small.end(), image.begin(), image.end());
        }
    }
    if (auto added = writer.addCompressed(SectionKind::SmallImages, small, small.size()); !added) {
        return added;
    }
    if (auto opened = writer.open(SectionKind::LargeImages); !opened) {
        return opened;
    }
    for (std::size_t i = 0; i < images.size(); ++i) {
        if (images[i].isLarge) {
            if (auto written = writer.write(recording.tracks[i].spans.image()); !written) {
                return written;
            }
        }
    }
    writer.close(SectionKind::LargeImages);
    return {};
}

Result<void> addDetails(SectionWriter& writer, const Recording& recording) {
    if (auto opened = writer.open(SectionKind::Details); !opened) {
        return opened;
    }
    const auto index = writeDetails(
        recording, [&](std::span<const std::byte> block) { return writer.write(block); });
    if (!index) {
        return std::unexpected(index.error());
    }
    writer.close(SectionKind::Details);
    const auto bytes = std::as_bytes(std::span(*index));
    return writer.addCompressed(SectionKind::DetailIndex, bytes, bytes.size());
}

} // namespace

Result<void> writeRecording(const Recording& recording, const std::filesystem::path& target) {
    Result<AtomicFile> file = AtomicFile::create(target);
    if (!file) {
        return std::unexpected(file.error());
    }
    SectionWriter writer(*file);
    const std::vector<TrackImage> images = planImages(recording);
    Result<void> done = writer.begin();
    if (done) {
        done = addTables(writer, recording, images);
    }
    if (done) {
        done = addImages(writer, recording, images);
    }
    if (done) {
        done = addDetails(writer, recording);
    }
    if (done) {
        done = writer.finish();
    }
    return done ? file->commit() : done;
}

} // namespace interleave::storage
