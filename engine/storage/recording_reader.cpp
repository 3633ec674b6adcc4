// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/recording_reader.h"

#include "engine/storage/checksum.h"
#include "engine/storage/recording_json.h"
#include "engine/storage/stored_details.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <tbb/parallel_for.h>

namespace interleave::storage {

namespace {

using recording::Diagnostic;
using recording::SpanColumns;

std::string formatBytes(std::uint64_t bytes) {
    return bytes < 1'000'000 ? fmt::format("{} bytes", bytes)
                             : fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

/// Damaged counts are huge.
void addWithoutWrapping(std::uint64_t& sum, std::uint64_t value) {
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    sum = value > most - sum ? most : sum + value;
}

} // namespace

void Losses::addTrack(std::uint64_t spanCount, bool isLost) {
    ++allTracks;
    addWithoutWrapping(allSpans, spanCount);
    if (isLost) {
        ++tracks;
        addWithoutWrapping(spans, spanCount);
    }
}

std::uint64_t Losses::count() const {
    return spans != 0 ? spans : std::max<std::uint64_t>(tracks, parts.size());
}

std::string Losses::sentence() const {
    std::vector<std::string> missing;
    if (tracks != 0) {
        missing.push_back(
            fmt::format("{} of {} tracks with {} of {} spans", tracks, allTracks, spans, allSpans));
    }
    missing.insert(missing.end(), parts.begin(), parts.end());
    return fmt::format("Missing: {}.", fmt::join(missing, ", "));
}

Error RecordingReader::failure(std::string_view part) const {
    return {m_sections.isCut()
                ? fmt::format("is cut short before its spans begin: {} of {} are there, which does "
                              "not reach to the end of {}; nothing of it can be shown",
                              formatBytes(m_sections.bytesThere()),
                              formatBytes(m_sections.bytesWritten()), part)
                : fmt::format("is damaged in {}; nothing of it can be shown", part)};
}

Result<void> RecordingReader::readDescription() {
    const SectionContent content = m_sections.content(SectionKind::Description);
    if (!content.isWhole()) {
        return std::unexpected(failure("its description"));
    }
    Result<Description> description = parseDescription(std::string_view(
        reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size()));
    if (!description) {
        return std::unexpected(description.error());
    }
    m_recording = std::make_shared<recording::Recording>(std::move(description->head));
    m_pointCounts = std::move(description->pointCounts);
    return {};
}

bool RecordingReader::readNeeded(SectionKind kind, ReadTable readTable) {
    const SectionContent content = m_sections.table(kind);
    return content.isWhole() && readTable(content.bytes, *m_recording);
}

void RecordingReader::readWanted(SectionKind kind, std::string_view name, ReadTable readTable) {
    if (m_sections.has(kind) && !readNeeded(kind, readTable)) {
        m_losses.parts.emplace_back(name);
    }
}

Result<void> RecordingReader::readTrackTable() {
    const SectionContent content = m_sections.table(SectionKind::Tracks);
    if (!content.isWhole() || !readTracks(content.bytes, *m_recording, m_images) ||
        !placeImages()) {
        return std::unexpected(failure("its table of tracks"));
    }
    return {};
}

/// Where each image lies. False where the images take more than any file has.
bool RecordingReader::placeImages() {
    std::uint64_t small = 0;
    std::uint64_t large = 0;
    m_offsets.reserve(m_images.size());
    for (const TrackImage& image : m_images) {
        std::uint64_t& next = image.isLarge ? large : small;
        m_offsets.push_back(next);
        if (image.bytes > std::numeric_limits<std::uint64_t>::max() / 2 - next) {
            return false;
        }
        next += image.bytes;
    }
    return true;
}

/// The spans of a track; none where they are lost.
SpanColumns RecordingReader::imageOf(std::size_t track) const {
    const TrackImage& image = m_images[track];
    const SectionContent& content = image.isLarge ? m_large : m_small;
    if (image.bytes == 0 || !content.has(m_offsets[track], image.bytes) ||
        m_stop.stop_requested()) {
        return {};
    }
    const auto bytes = content.bytes.subspan(static_cast<std::size_t>(m_offsets[track]),
                                             static_cast<std::size_t>(image.bytes));
    if (m_checking == Checking::Everything && image.isLarge &&
        checksumOf(bytes) != image.checksum) {
        return {};
    }
    auto spans = SpanColumns::fromImage(
        bytes, content.owner,
        {m_recording->tasks.size(), m_recording->workers.size(), m_recording->strings.size() - 1});
    return spans && spans->size() == image.spans ? std::move(*spans) : SpanColumns();
}

void RecordingReader::readImages() {
    m_small = m_sections.content(SectionKind::SmallImages);
    m_large = m_sections.content(SectionKind::LargeImages);
    tbb::parallel_for(std::size_t{0}, m_images.size(),
                      [&](std::size_t i) { m_recording->tracks[i].spans = imageOf(i); });
    for (std::size_t i = 0; i < m_images.size(); ++i) {
        m_losses.addTrack(m_images[i].spans,
                          m_recording->tracks[i].spans.size() != m_images[i].spans);
    }
}

void RecordingReader::readDetails() {
    const SectionContent index = m_sections.content(SectionKind::DetailIndex);
    const SectionContent blocks = m_sections.content(SectionKind::Details);
    if (index.wholeBytes == 0 && blocks.wholeBytes == 0) {
        return;
    }
    std::shared_ptr<const StoredDetails> details;
    if (index.isWhole() && blocks.isWhole()) {
        details = StoredDetails::open(blocks.owner, blocks.bytes, index.bytes);
    }
    if (!details) {
        details = StoredDetails::openWithoutIndex(blocks.owner, blocks.bytes);
        const bool isEmpty = !details || details->blocks() == 0;
        m_losses.parts.emplace_back(isEmpty ? "the texts of events"
                                            : "some of the texts of events");
    }
    if (!details || details->blocks() == 0) {
        return;
    }
    m_recording->details = details;
    if (m_checking == Checking::Everything) {
        if (const std::size_t damaged = details->damagedBlocks(m_stop); damaged != 0) {
            m_losses.parts.push_back(
                fmt::format("{} of {} blocks of the texts of events", damaged, details->blocks()));
        }
    }
}

std::vector<Diagnostic> RecordingReader::lossesSaid() const {
    if (m_losses.areNone()) {
        return {};
    }
    const std::string how = m_sections.isCut()
                                ? fmt::format("The file was cut short: {} of {} are there.",
                                              formatBytes(m_sections.bytesThere()),
                                              formatBytes(m_sections.bytesWritten()))
                                : std::string("The file is damaged.");
    return {{std::string(m_sections.isCut() ? kCutFile : kDamagedFile),
             recording::Severity::DataLoss, m_losses.count(),
             fmt::format("{} {}", how, m_losses.sentence())}};
}

Result<ReadOutcome> RecordingReader::read() {
    if (auto done = readDescription(); !done) {
        return std::unexpected(done.error());
    }
    if (!readNeeded(SectionKind::Strings, &readStrings)) {
        return std::unexpected(failure("its table of names"));
    }
    if (!readNeeded(SectionKind::Tasks, &readTasks)) {
        return std::unexpected(failure("its table of tasks"));
    }
    if (!readNeeded(SectionKind::Workers, &readWorkers)) {
        return std::unexpected(failure("its table of workers"));
    }
    if (auto done = readTrackTable(); !done) {
        return std::unexpected(done.error());
    }
    const SectionContent points = m_sections.table(SectionKind::CounterPoints);
    if (!points.isWhole() || !readCounterPoints(points.bytes, m_pointCounts, *m_recording)) {
        m_losses.parts.emplace_back("the values of the counters");
    }
    readWanted(SectionKind::Links, "the links", &readLinks);
    readWanted(SectionKind::Switches, "the context switches", &readSwitches);
    readWanted(SectionKind::Marks, "the marks", &readMarks);
    readWanted(SectionKind::Messages, "the messages", &readMessages);
    readWanted(SectionKind::Bindings, "the bindings of exchanges", &readBindings);
    readWanted(SectionKind::Consumers, "the consumers", &readConsumers);
    readImages();
    readDetails();
    if (m_stop.stop_requested()) {
        return fail("was not checked to its end");
    }
    ReadOutcome outcome{.recording = nullptr, .losses = lossesSaid()};
    for (const Diagnostic& loss : outcome.losses) {
        m_recording->diagnostics.push_back(loss);
    }
    outcome.recording = std::move(m_recording);
    return outcome;
}

} // namespace interleave::storage
