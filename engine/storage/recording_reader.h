// SPDX-License-Identifier: GPL-3.0-or-later
// RecordingReader: puts a recording together from the sections of its file, and keeps account of
// what is not there. Used once, by recording_file.cpp.
#pragma once

#include "engine/storage/file_sections.h"
#include "engine/storage/recording_file.h"
#include "engine/storage/recording_tables.h"

#include <string>

namespace interleave::storage {

/// What of a file can't be had.
struct Losses {
    std::uint64_t tracks = 0;
    std::uint64_t spans = 0;
    std::uint64_t allTracks = 0;
    std::uint64_t allSpans = 0;
    std::vector<std::string> parts; // "the links"

    void addTrack(std::uint64_t spanCount, bool isLost);
    bool areNone() const { return tracks == 0 && parts.empty(); }
    /// In spans, or in tracks or parts where no span is lost.
    std::uint64_t count() const;
    std::string sentence() const;
};

struct ReadOutcome {
    std::shared_ptr<const recording::Recording> recording;
    std::vector<recording::Diagnostic> losses; // which the recording says too
};

class RecordingReader {
public:
    RecordingReader(FileSections sections, Checking checking, std::stop_token stop)
        : m_sections(std::move(sections))
        , m_checking(checking)
        , m_stop(std::move(stop)) {}

    Result<ReadOutcome> read();

private:
    using ReadTable = bool (*)(std::span<const std::byte>, recording::Recording&);

    Error failure(std::string_view part) const;
    Result<void> readDescription();
    /// A table without which there is no recording.
    bool readNeeded(SectionKind kind, ReadTable readTable);
    void readWanted(SectionKind kind, std::string_view name, ReadTable readTable);
    Result<void> readTrackTable();
    bool placeImages();
    void readImages();
    recording::SpanColumns imageOf(std::size_t track) const;
    void readDetails();
    std::vector<recording::Diagnostic> lossesSaid() const;

    FileSections m_sections;
    Checking m_checking;
    std::stop_token m_stop;
    std::shared_ptr<recording::Recording> m_recording;
    std::vector<std::uint64_t> m_pointCounts;
    std::vector<TrackImage> m_images;
    std::vector<std::uint64_t> m_offsets; // of each image in its section
    SectionContent m_small;
    SectionContent m_large;
    Losses m_losses;
};

} // namespace interleave::storage
