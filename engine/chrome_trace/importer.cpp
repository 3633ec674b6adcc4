// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/importer.h"

#include "engine/chrome_trace/document.h"
#include "engine/chrome_trace/json_scan.h"
#include "engine/chrome_trace/pieces_reader.h"
#include "engine/chrome_trace/restore.h"
#include "engine/chrome_trace/trace_assembly.h"
#include "engine/chrome_trace/trace_details.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>
#include <optional>

namespace interleave::chrome_trace {

namespace {

constexpr std::ptrdiff_t kFirstPictureShares = 20; // a twentieth of the text

/// One import: the text, what it is called, where it can be read again.
class Import {
public:
    Import(TraceText text, std::string name, const ImportOptions& options)
        : m_text(std::make_shared<const TraceText>(std::move(text)))
        , m_name(std::move(name))
        , m_options(options) {}

    Result<RecordingPtr> run(const std::optional<std::filesystem::path>& file);

private:
    using End = PiecesReader::End;

    std::string_view text() const { return m_text->text(); }
    TextProgress readProgress() const;
    Result<void> readEvents(TraceDocument& document);
    Result<void> readList(const char* events);
    void showFirstPicture();
    void describe(TraceAssembly& assembly, const TraceDocument& document) const;
    void describeRun(recording::RecordingBuilder& builder, std::size_t threads) const;

    std::shared_ptr<const TraceText> m_text;
    std::string m_name;
    const ImportOptions& m_options;
    std::optional<PiecesReader> m_reader;
    bool m_isCut = false;
};

/// Unpacking was the first half of the work, where there was any.
TextProgress Import::readProgress() const {
    if (!m_options.progress || !m_text->wasPacked()) {
        return m_options.progress;
    }
    return [report = m_options.progress](std::uint64_t done, std::uint64_t total) {
        report(total + done, 2 * total);
    };
}

Result<void> Import::readList(const char* events) {
    PieceOptions options;
    options.pieceBytes = m_options.pieceBytes;
    options.stop = m_options.stop;
    options.progress = readProgress();
    m_reader.emplace(text(), events, options);
    const char* const textEnd = text().data() + text().size();
    End end = End::More;
    if (m_options.firstPicture && text().size() >= m_options.firstPictureFrom) {
        end = m_reader->readUntil(events + (textEnd - events) / kFirstPictureShares);
        if (end == End::More) {
            showFirstPicture();
        }
    }
    if (end == End::More) {
        end = m_reader->readUntil(textEnd);
    }
    m_isCut = end == End::Cut;
    if (end == End::Stopped) {
        return fail(fmt::format("Opening {} was cancelled.", m_name));
    }
    if (end == End::NoMemory) {
        return fail(fmt::format("There is not enough memory to open {}.", m_name));
    }
    return {};
}

Result<void> Import::readEvents(TraceDocument& document) {
    while (true) {
        if (auto read = readList(document.events()); !read) {
            return read;
        }
        if (!m_reader->isClosed() || !document.readTail(m_reader->stop())) {
            return {};
        }
    }
}

void Import::showFirstPicture() {
    TraceAssembly assembly(m_reader->pieces(), text().data());
    assembly.assemble();
    describeRun(assembly.builder(), 0);
    assembly.builder().setLive(true);
    m_options.firstPicture(assembly.builder().finish());
}

void Import::describeRun(recording::RecordingBuilder& builder, std::size_t threads) const {
    recording::RunInfo& info = builder.info();
    info.scenario = std::filesystem::path(m_name).filename().string();
    info.model = "Chrome trace";
    info.source = recording::Source::Imported;
    info.workers = static_cast<int>(threads);
    info.kernelTruth = "none";
}

void Import::describe(TraceAssembly& assembly, const TraceDocument& document) const {
    recording::RecordingBuilder& builder = assembly.builder();
    describeRun(builder, assembly.shownThreads());
    builder.info().parameters.emplace_back("time_zero_ns", std::to_string(assembly.zeroNs()));
    if (const auto unit = document.value("displayTimeUnit")) {
        builder.info().parameters.emplace_back("display_time_unit", decodeString(unquoted(*unit)));
    }
    TraceFaults& faults = assembly.faults();
    // An array may end without its bracket; an object may not.
    if (m_isCut || document.isCut() || (document.isObject() && !m_reader->isClosed())) {
        faults.add(Fault::Cut);
    }
    if (m_text->isDamaged()) {
        faults.add(Fault::DamagedArchive);
    }
    for (recording::Diagnostic& diagnostic : faults.diagnostics()) {
        builder.addDiagnostic(std::move(diagnostic));
    }
    builder.addDiagnostic({"no-core-times", recording::Severity::Info, 0,
                           "The file says when slices began and ended, not when their threads were "
                           "on a core: \"running\" means that a slice was open."});
}

Result<RecordingPtr> Import::run(const std::optional<std::filesystem::path>& file) {
    auto document = TraceDocument::open(text(), m_name);
    if (!document) {
        return std::unexpected(document.error());
    }
    if (isExport(*document)) {
        return restoreTrace(m_text, *document,
                            {.name = m_name,
                             .file = file,
                             .stop = m_options.stop,
                             .progress = readProgress(),
                             .pieceBytes = m_options.pieceBytes});
    }
    if (auto read = readEvents(*document); !read) {
        return std::unexpected(read.error());
    }
    TraceAssembly assembly(m_reader->pieces(), text().data());
    assembly.assemble();
    describe(assembly, *document);
    if (assembly.hasDetails()) {
        const bool isReadable = file && !m_text->isUnpacked();
        assembly.builder().setDetails(
            isReadable ? TraceDetails::ofFile(*file, assembly.takeDetailPairs())
                       : TraceDetails::ofText(m_text, assembly.takeDetailPairs()));
    }
    return assembly.builder().finish();
}

} // namespace

Result<RecordingPtr> importTrace(const std::filesystem::path& file, const ImportOptions& options) {
    TextProgress progress;
    if (options.progress) {
        progress = [&options](std::uint64_t done, std::uint64_t total) {
            options.progress(done, 2 * total);
        };
    }
    auto text = TraceText::open(file, options.stop, progress);
    if (!text) {
        return std::unexpected(text.error());
    }
    return Import(std::move(*text), file.string(), options).run(file);
}

Result<RecordingPtr> importTraceText(std::string_view bytes, std::string_view name,
                                     const ImportOptions& options) {
    auto text = TraceText::fromBytes(bytes, name);
    if (!text) {
        return std::unexpected(text.error());
    }
    return Import(std::move(*text), std::string(name), options).run(std::nullopt);
}

bool isTraceFile(const std::filesystem::path& file) {
    std::array<char, 256> head{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    return looksLikeTrace({head.data(), static_cast<std::size_t>(stream.gcount())});
}

} // namespace interleave::chrome_trace
