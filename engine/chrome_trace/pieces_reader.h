// SPDX-License-Identifier: GPL-3.0-or-later
// PiecesReader: reads the events of a trace on all cores. The text is cut where events seem to
// begin, and the pieces are read at the same time. Whether a cut was right is known only when the
// piece before it has been read: if that ended exactly there, between two events, it was; else the
// piece is read again from the right place. So no text can make it misread, at worst slow.
#pragma once

#include "engine/chrome_trace/piece.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>
#include <tbb/enumerable_thread_specific.h>
#include <vector>

namespace interleave::chrome_trace {

struct PieceOptions {
    std::size_t pieceBytes = std::size_t{8} << 20;
    std::stop_token stop{};
    /// Bytes of the text that have been read, and all of them; from any thread.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
};

class PiecesReader {
public:
    /// Events begin at `events`, within the padded text.
    PiecesReader(std::string_view text, const char* events, PieceOptions options);

    enum class End { More, Events, Cut, Stopped, NoMemory };
    /// Reads on until an event begins at or behind `until`, or to the end.
    End readUntil(const char* until);

    /// In order of the text; complete once the end was reached.
    const std::vector<Piece>& pieces() const { return m_pieces; }
    /// Behind the closing bracket, if there was one.
    const char* stop() const { return m_at; }
    bool isClosed() const { return m_isClosed; }
    /// Pieces that had to be read again.
    std::size_t wrongGuesses() const { return m_wrongGuesses; }

private:
    struct Plan {
        const char* begin = nullptr; // a guess, but for the first; none if there is nothing like it
        const char* end = nullptr;
    };

    std::vector<Plan> planUntil(const char* until) const;
    const char* guessNear(const char* at, const char* end) const;
    Piece readPiece(const char* begin, const char* end, const char* limit);
    End accept(const Plan& plan, Piece piece, bool isRead);

    std::string_view m_text;
    const char* m_at;  // where the next event begins
    const char* m_end; // of the text
    PieceOptions m_options;
    SliceArena m_arena;
    tbb::enumerable_thread_specific<PieceReader> m_readers;
    std::vector<Piece> m_pieces;
    std::atomic<std::uint64_t> m_done = 0;
    std::size_t m_wrongGuesses = 0;
    bool m_isClosed = false;
};

} // namespace interleave::chrome_trace
