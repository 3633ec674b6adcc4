// SPDX-License-Identifier: GPL-3.0-or-later
// SpanPacker: makes SpanColumns from spans that come in order of (depth, begin). Keeps its memory
// from one track to the next.
#pragma once

#include "engine/recording/span_columns.h"

#include <array>
#include <vector>

namespace interleave::recording {

class SpanPacker {
public:
    SpanPacker();
    /// In order of (depth, begin); spans of one depth must not overlap.
    void push(const Span& span);
    /// The track's spans; the packer is empty afterwards.
    SpanColumns finish(const IdLimits& limits = {});

private:
    void writePyramid(SpanColumns& spans, std::int64_t* words) const;

    std::array<ColumnPacker, SpanColumns::kColumns> m_columns; // in the order of the members
    std::vector<std::size_t> m_laneBegins;
    std::size_t m_size = 0;
    std::uint32_t m_stateMask = 0;
};

/// Sorts spans, gives those that overlap others of their depth a greater one (a semaphore's
/// holders), and packs them.
SpanColumns packSpans(std::vector<Span> spans, SpanPacker& packer);
SpanColumns packSpans(std::vector<Span> spans);

} // namespace interleave::recording
