// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/pieces_reader.h"

#include "engine/chrome_trace/json_scan.h"

#include <algorithm>
#include <array>
#include <tbb/parallel_for.h>

namespace interleave::chrome_trace {

namespace {

constexpr std::ptrdiff_t kGuessBytes = 64 * 1024; // how far a cut may lie behind its place
constexpr std::size_t kShortestSlice = 18;        // {"ph":"B","ts":1},

/// Whether an event could begin with this brace: its first key is one that events have.
bool isEventBegin(const char* brace, const char* end) {
    static constexpr std::array<std::string_view, 12> keys{
        "\"name\"", "\"ph\"",  "\"cat\"", "\"ts\"", "\"pid\"", "\"tid\"",
        "\"args\"", "\"dur\"", "\"id\"",  "\"s\"",  "\"tts\"", "\"bp\""};
    const char* key = skipSpace(brace + 1, end);
    const std::string_view rest(key, static_cast<std::size_t>(end - key));
    return std::ranges::any_of(keys,
                               [&](std::string_view known) { return rest.starts_with(known); });
}

} // namespace

PiecesReader::PiecesReader(std::string_view text, const char* events, PieceOptions options)
    : m_text(text)
    , m_at(events)
    , m_end(text.data() + text.size())
    , m_options(std::move(options))
    , m_arena(3 * (text.size() / kShortestSlice + 1)) {} // some pieces may be read twice

/// The first brace near `at` that looks like the begin of an event: behind a newline or a comma.
const char* PiecesReader::guessNear(const char* at, const char* end) const {
    const char* last = std::min(at + kGuessBytes, end);
    while (at < last) {
        const std::string_view rest(at, static_cast<std::size_t>(last - at));
        const std::size_t offset = rest.find('{');
        if (offset == std::string_view::npos) {
            return nullptr;
        }
        const char* brace = at + offset;
        const char* before = brace - 1;
        while (before > m_text.data() && (*before == ' ' || *before == '\t')) {
            --before;
        }
        if ((*before == ',' || *before == '\n') && isEventBegin(brace, m_end)) {
            return brace;
        }
        at = brace + 1;
    }
    return nullptr;
}

std::vector<PiecesReader::Plan> PiecesReader::planUntil(const char* until) const {
    const auto size = static_cast<std::ptrdiff_t>(std::max<std::size_t>(m_options.pieceBytes, 1));
    std::vector<Plan> plans;
    const char* nominal = m_at;
    plans.push_back({m_at, until});
    while (until - nominal > size) {
        nominal += size;
        const char* guess = guessNear(nominal, std::min(nominal + size, until));
        plans.back().end = guess != nullptr ? guess : nominal;
        plans.push_back({guess, until});
    }
    return plans;
}

Piece PiecesReader::readPiece(const char* begin, const char* end, const char* limit) {
    return m_readers.local().read(m_text, begin, end, limit, m_arena);
}

PiecesReader::End PiecesReader::accept(const Plan& plan, Piece piece, bool isRead) {
    if (m_at >= plan.end && plan.end != m_end) {
        return End::More; // one event covered it all
    }
    if (!isRead || plan.begin != m_at || piece.end == StreamEnd::Limit) {
        if (m_options.stop.stop_requested()) {
            return End::Stopped;
        }
        m_wrongGuesses += isRead ? 1 : 0;
        piece = readPiece(m_at, plan.end, m_end);
    }
    if (piece.isWithoutMemory) {
        return End::NoMemory;
    }
    m_at = piece.stop;
    const StreamEnd end = piece.end;
    m_pieces.push_back(std::move(piece));
    switch (end) {
    case StreamEnd::Reached:
        return m_at >= m_end ? End::Events : End::More;
    case StreamEnd::ArrayEnd:
        m_isClosed = true;
        return End::Events;
    case StreamEnd::Limit:
        break;
    }
    return End::Cut;
}

PiecesReader::End PiecesReader::readUntil(const char* until) {
    const std::vector<Plan> plans = planUntil(std::clamp(until, m_at, m_end));
    std::vector<Piece> pieces(plans.size());
    std::vector<char> isRead(plans.size(), 0);
    const auto piece = static_cast<std::ptrdiff_t>(m_options.pieceBytes);
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, plans.size(), 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
            for (std::size_t i = range.begin(); i < range.end(); ++i) {
                const Plan& plan = plans[i];
                if (plan.begin == nullptr || m_options.stop.stop_requested()) {
                    continue;
                }
                const char* limit = m_end - plan.end > piece ? plan.end + piece : m_end;
                pieces[i] = readPiece(plan.begin, plan.end, limit);
                isRead[i] = 1;
                const auto bytes = static_cast<std::uint64_t>(plan.end - plan.begin);
                const std::uint64_t done = m_done += bytes;
                if (m_options.progress) {
                    m_options.progress(std::min(done, m_text.size()), m_text.size());
                }
            }
        },
        tbb::simple_partitioner());
    if (m_options.stop.stop_requested()) {
        return End::Stopped;
    }
    for (std::size_t i = 0; i < plans.size(); ++i) {
        const End end = accept(plans[i], std::move(pieces[i]), isRead[i] != 0);
        if (end != End::More) {
            return end;
        }
    }
    return End::More;
}

} // namespace interleave::chrome_trace
