// SPDX-License-Identifier: GPL-3.0-or-later
// SpanAppender: the spans of a track that goes on. What was appended stays packed; a snapshot
// copies the packed bytes and packs only what is new, so its cost doesn't grow like a rebuild's.
// Short tracks and those whose spans overlap are packed anew each time: they are small.
#pragma once

#include "engine/recording/span_packer.h"

#include <memory>
#include <vector>

namespace interleave::recording {

class SpanAppender {
public:
    SpanAppender();
    SpanAppender(SpanAppender&&) noexcept;
    SpanAppender& operator=(SpanAppender&&) noexcept;
    ~SpanAppender();

    /// A span that will not change any more. What overlaps the ones before makes further lanes.
    void append(const Span& span);
    /// All that was appended and then `open` ones (in any order), which the next snapshot may show
    /// otherwise.
    SpanColumns with(std::vector<Span> open, const IdLimits& limits) const;

    std::size_t size() const { return m_size; }
    /// When the latest span ends; the least time if there is none.
    Nanoseconds endNs() const { return m_endNs; }

private:
    std::vector<Span> m_spans;            // all of them while the track is short or not flat
    std::unique_ptr<SpanPacker> m_packer; // of a long flat track
    std::size_t m_size = 0;
    Nanoseconds m_endNs;
    bool m_isFlat = true;
};

} // namespace interleave::recording
