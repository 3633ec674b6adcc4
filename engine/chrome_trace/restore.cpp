// SPDX-License-Identifier: GPL-3.0-or-later
// The text is cut where lines begin, and the pieces are read at the same time. If a piece does not
// end where the next one begins (somebody has written the file anew, with other lines), the whole
// is read as one. Then the names are matched up and the spans of each track joined, lane by lane.
#include "engine/chrome_trace/restore.h"

#include "engine/chrome_trace/restore_events.h"
#include "engine/chrome_trace/restore_head.h"
#include "engine/chrome_trace/trace_details.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <tbb/parallel_for.h>

namespace interleave::chrome_trace {

using recording::RecordingBuilder;
using recording::Span;
using recording::SpanColumns;
using recording::SpanPacker;

namespace {

/// The "detail" of an event's args; the trace's own details are all of the args.
class RestoredDetails : public recording::DetailTexts {
public:
    explicit RestoredDetails(std::shared_ptr<const TraceDetails> details)
        : m_details(std::move(details)) {}
    std::string text(std::uint64_t key) const override {
        const std::string args = m_details->text(key);
        const std::string padded = args + std::string(kScanPadding, '\0');
        std::string result;
        forEachField(std::string_view(padded).substr(0, args.size()), [&](std::string_view name,
                                                                          std::string_view value) {
            if (name == "detail") {
                result = value.front() == '"' ? decodeString(unquoted(value)) : std::string(value);
            }
        });
        return result;
    }

private:
    std::shared_ptr<const TraceDetails> m_details;
};

class Restorer {
public:
    Restorer(std::shared_ptr<const TraceText> text, TraceDocument& document,
             const RestoreOptions& options)
        : m_text(std::move(text))
        , m_document(document)
        , m_options(options) {}

    Result<std::shared_ptr<const recording::Recording>> run() {
        auto head = restoreHead(*m_document.value("interleave"), m_options.name, m_builder);
        if (!head) {
            return std::unexpected(head.error());
        }
        m_head = std::move(*head);
        readPieces();
        if (m_options.stop.stop_requested()) {
            return fail(fmt::format("Opening {} was cancelled.", m_options.name));
        }
        matchNames();
        joinTracks();
        addRest();
        addFaults();
        return m_builder.finish();
    }

private:
    template <class Spans>
    struct Part {
        std::size_t piece = 0;
        const Spans* spans = nullptr;
    };
    struct Parts {
        std::vector<Part<SpanColumns>> packed;
        std::vector<Part<std::vector<Span>>> deep;
    };

    const char* textEnd() const { return m_text->text().data() + m_text->text().size(); }

    /// Where pieces begin: behind newlines, on a brace.
    std::vector<const char*> planPieces() const {
        std::vector<const char*> begins{m_document.events()};
        const char* at = m_document.events();
        while (textEnd() - at > static_cast<std::ptrdiff_t>(m_options.pieceBytes)) {
            at += m_options.pieceBytes;
            const std::string_view rest(at, textEnd());
            const std::size_t line = rest.find("\n{");
            if (line == std::string_view::npos) {
                break;
            }
            at += line + 1;
            begins.push_back(at);
        }
        return begins;
    }

    void readPieces() {
        const std::vector<const char*> begins = planPieces();
        const RestoreLookup lookup(m_head);
        m_pieces.resize(begins.size());
        std::atomic<std::uint64_t> done = 0;
        std::mutex telling;
        tbb::parallel_for(std::size_t{0}, begins.size(), [&](std::size_t i) {
            if (m_options.stop.stop_requested()) {
                return;
            }
            const char* end = i + 1 < begins.size() ? begins[i + 1] : textEnd();
            m_pieces[i] = readPiece(lookup, m_text->text().data(), begins[i], end, textEnd());
            done += static_cast<std::uint64_t>(end - begins[i]);
            if (m_options.progress) {
                const std::scoped_lock lock(telling);
                m_options.progress(done, m_text->text().size());
            }
        });
        const auto isRight = [&](std::size_t i) {
            return m_pieces[i].stop.end == StreamEnd::Reached &&
                   m_pieces[i].stop.at == begins[i + 1];
        };
        for (std::size_t i = 0; i + 1 < begins.size() && !m_options.stop.stop_requested(); ++i) {
            if (!isRight(i)) {
                m_pieces.clear();
                m_pieces.push_back(
                    readPiece(lookup, m_text->text().data(), begins.front(), textEnd(), textEnd()));
                return;
            }
        }
    }

    /// Numbers of names of each piece become ids of the recording.
    void matchNames() {
        for (const auto& [number, text] : m_head.rawTexts) {
            m_rawNames[number] = m_builder.intern(text);
        }
        for (const RestorePiece& piece : m_pieces) {
            std::vector<StringId> ids{StringId{}};
            for (const std::string_view text : piece.names.texts()) {
                ids.push_back(m_builder.intern(decodeString(text)));
            }
            m_names.push_back(std::move(ids));
        }
    }

    StringId nameOf(std::size_t piece, StringId number) const {
        if (number.value < m_names[piece].size()) {
            return m_names[piece][number.value];
        }
        const auto raw = m_rawNames.find(number.value - kRawNames);
        return raw == m_rawNames.end() ? StringId{} : raw->second;
    }

    void joinTracks() {
        std::map<TrackKey, Parts> parts;
        for (std::size_t i = 0; i < m_pieces.size(); ++i) {
            for (const auto& [key, spans] : m_pieces[i].spans) {
                parts[key].packed.push_back({i, &spans});
            }
            for (const auto& [key, spans] : m_pieces[i].deepSpans) {
                parts[key].deep.push_back({i, &spans});
            }
        }
        std::vector<std::pair<TrackKey, const Parts*>> tracks;
        for (const auto& [key, list] : parts) {
            tracks.emplace_back(key, &list);
        }
        std::vector<SpanColumns> joined(tracks.size());
        tbb::parallel_for(std::size_t{0}, tracks.size(),
                          [&](std::size_t i) { joined[i] = join(*tracks[i].second); });
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            m_builder.setSpans(static_cast<recording::TrackKind>(tracks[i].first >> 32),
                               static_cast<std::uint32_t>(tracks[i].first), std::move(joined[i]));
        }
    }

    SpanColumns join(const Parts& parts) const {
        SpanPacker packer;
        bool isInOrder = true;
        if (parts.deep.empty()) {
            forEachSpan(parts.packed, isInOrder, [&](const Span& span) { packer.push(span); });
            SpanColumns joined = packer.finish();
            if (isInOrder) {
                return joined;
            } // else somebody has changed the file
        }
        std::vector<Span> spans;
        forEachSpan(parts.packed, isInOrder, [&](const Span& span) { spans.push_back(span); });
        for (const auto& part : parts.deep) {
            for (Span span : *part.spans) {
                span.name = nameOf(part.piece, span.name);
                span.cause = nameOf(part.piece, span.cause);
                spans.push_back(span);
            }
        }
        for (Span& span : spans) { // deeper than it can have become is no depth
            span.depth = span.depth > kPlainDepth + spans.size() ? std::uint16_t{0} : span.depth;
        }
        return recording::packSpans(std::move(spans), packer);
    }

    /// Lane by lane, in order of the pieces.
    template <class Function>
    void forEachSpan(const std::vector<Part<SpanColumns>>& parts, bool& isInOrder,
                     Function&& function) const {
        std::size_t lanes = 0;
        for (const auto& part : parts) {
            lanes = std::max(lanes, part.spans->lanes().size());
        }
        for (std::size_t depth = 0; depth < lanes; ++depth) {
            Nanoseconds end = std::numeric_limits<Nanoseconds>::min();
            for (const auto& part : parts) {
                if (depth >= part.spans->lanes().size()) {
                    continue;
                }
                const recording::SpanLane& lane = part.spans->lanes()[depth];
                for (std::size_t i = lane.first; i < lane.end(); ++i) {
                    Span span = part.spans->at(i);
                    span.name = nameOf(part.piece, span.name);
                    span.cause = nameOf(part.piece, span.cause);
                    isInOrder = isInOrder && span.range.beginNs >= end;
                    end = span.range.endNs;
                    function(span);
                }
            }
        }
    }

    /// How many tracks there will be.
    std::size_t trackCount() {
        std::set<TrackKey> keys;
        using recording::TrackKind;
        for (const RestorePiece& piece : m_pieces) {
            for (const auto& [key, spans] : piece.spans) {
                keys.insert(key);
            }
            for (const auto& [key, spans] : piece.deepSpans) {
                keys.insert(key);
            }
        }
        for (std::uint32_t i = 1; i <= m_head.tasks; ++i) {
            keys.insert(trackKey(TrackKind::Task, i));
        }
        for (std::uint32_t i = 1; i <= m_head.workers; ++i) {
            if (!m_builder.worker(WorkerId{i}).isControl) {
                keys.insert(trackKey(TrackKind::Worker, i));
            }
        }
        for (const std::uint32_t core : m_head.cores) {
            keys.insert(trackKey(TrackKind::Core, core));
        }
        for (std::uint32_t i = 1; i <= m_head.objects; ++i) {
            const std::string& kind = m_builder.object(ObjectId{i}).kind;
            const auto track = recording::trackKindOf(kind);
            // A GIL and a broker's queue have tracks if they have spans.
            if (track && kind != "gil" && kind != recording::kMessageQueueKind) {
                keys.insert(trackKey(*track, i));
            }
        }
        return keys.size();
    }

    void addRest() {
        const std::size_t tracks = trackCount();
        bool hasDetails = false;
        std::vector<recording::Counter> counters = std::move(m_head.counters);
        for (std::size_t i = 0; i < m_pieces.size(); ++i) {
            RestorePiece& piece = m_pieces[i];
            hasDetails |= piece.hasDetails;
            for (const recording::Link& link : piece.links) {
                m_builder.addLink(link);
            }
            for (recording::Mark mark : piece.marks) {
                mark.name = nameOf(i, mark.name);
                mark.track = mark.track.value <= tracks ? mark.track : TrackId{};
                m_builder.addMark(mark);
            }
            for (const recording::MessageEvent& event : piece.messages) {
                m_builder.addMessage(event);
            }
            for (const recording::Switch& leave : piece.switches) {
                m_builder.addSwitch(leave);
            }
            for (const RestoredPoint& point : piece.points) {
                counters[point.counter].time.push_back(point.timeNs);
                counters[point.counter].value.push_back(point.value);
            }
            m_faults.add(piece.faults);
        }
        for (recording::Counter& counter : counters) {
            m_builder.addCounter(std::move(counter));
        }
        if (hasDetails) {
            const bool isReadable = m_options.file && !m_text->isUnpacked();
            m_builder.setDetails(std::make_shared<RestoredDetails>(
                isReadable ? TraceDetails::ofFile(*m_options.file, {})
                           : TraceDetails::ofText(m_text, {})));
        }
    }

    void addFaults() {
        if (m_pieces.back().stop.end != StreamEnd::ArrayEnd) {
            m_faults.add(Fault::Cut);
        }
        if (m_text->isDamaged()) {
            m_faults.add(Fault::DamagedArchive);
        }
        for (recording::Diagnostic& diagnostic : m_faults.diagnostics()) {
            m_builder.addDiagnostic(std::move(diagnostic));
        }
    }

    std::shared_ptr<const TraceText> m_text;
    TraceDocument& m_document;
    const RestoreOptions& m_options;
    RecordingBuilder m_builder;
    RestoredHead m_head;
    std::vector<RestorePiece> m_pieces;
    std::vector<std::vector<StringId>> m_names; // by piece, by number
    std::unordered_map<std::uint64_t, StringId> m_rawNames;
    TraceFaults m_faults;
};

} // namespace

bool isExport(const TraceDocument& document) {
    const auto head = document.value("interleave");
    return head && head->starts_with('{');
}

Result<std::shared_ptr<const recording::Recording>>
restoreTrace(const std::shared_ptr<const TraceText>& text, TraceDocument& document,
             const RestoreOptions& options) {
    return Restorer(text, document, options).run();
}

} // namespace interleave::chrome_trace
