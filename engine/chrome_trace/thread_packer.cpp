// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/thread_packer.h"

#include <algorithm>

namespace interleave::chrome_trace {

namespace {

constexpr std::size_t kMostPasses = 16;

std::uint64_t detailOf(const NamedGroup& group, const Slice& slice) {
    return slice.event == 0 ? 0 : group.detailBase + slice.event;
}

} // namespace

/// Depths of slices that are all complete, in order, and not nested deeper than kMostPasses: then
/// they can be packed from where they are. False if they are not.
bool ThreadPacker::findDepths(std::span<const NamedGroup> groups) {
    m_depthFinder.clear();
    m_depths.clear();
    m_depthCount = 0;
    Nanoseconds lastBegin = -kLatest - 1;
    Nanoseconds lastDuration = 0;
    for (const NamedGroup& group : groups) {
        const std::size_t before = m_depths.size();
        m_depths.resize(before + group.count);
        std::uint8_t* depths = m_depths.data() + before;
        for (std::size_t i = 0; i < group.count; ++i) {
            const Slice& slice = group.first[i];
            if (slice.duration < 0 || slice.begin < lastBegin ||
                (slice.begin == lastBegin && slice.duration > lastDuration)) {
                return false;
            }
            lastBegin = slice.begin;
            lastDuration = slice.duration;
            const std::size_t depth =
                m_depthFinder.depthOf(slice.begin, slice.begin + slice.duration);
            if (depth >= kMostPasses) {
                return false;
            }
            depths[i] = static_cast<std::uint8_t>(depth);
            m_depthCount = std::max(m_depthCount, depth + 1);
        }
    }
    return true;
}

recording::SpanColumns ThreadPacker::packOrdered(std::span<const NamedGroup> groups,
                                                 WorkerId worker, TraceTimes times) {
    recording::SpanPacker& packer = m_rowPacker.packer();
    recording::Span span;
    span.worker = worker;
    for (std::size_t depth = 0; depth < m_depthCount; ++depth) {
        span.depth = static_cast<std::uint16_t>(depth);
        const std::uint8_t* depths = m_depths.data();
        for (const NamedGroup& group : groups) {
            for (std::size_t i = 0; i < group.count; ++i) {
                if (depths[i] != depth) {
                    continue;
                }
                const Slice& slice = group.first[i];
                const Nanoseconds begin = slice.begin - times.zero;
                span.range = {begin, begin + slice.duration};
                span.name = group.names[slice.name];
                span.detail = detailOf(group, slice);
                packer.push(span);
            }
            depths += group.count;
        }
    }
    return packer.finish();
}

/// Rows of slices in any order, begins paired with ends.
void ThreadPacker::makeRows(std::span<const NamedGroup> groups, TraceTimes times) {
    m_unpaired.clear();
    m_rows.clear();
    bool hasPairs = false;
    for (const NamedGroup& group : groups) {
        for (std::size_t i = 0; i < group.count; ++i) {
            const Slice& slice = group.first[i];
            Row row{.begin = slice.begin - times.zero,
                    .duration = slice.duration,
                    .detail = detailOf(group, slice),
                    .name = group.names[slice.name]};
            hasPairs = hasPairs || slice.duration < 0;
            m_unpaired.push_back(row);
        }
    }
    if (!hasPairs) {
        m_rows.swap(m_unpaired);
        return;
    }
    if (!std::ranges::is_sorted(m_unpaired, {}, &Row::begin)) {
        std::ranges::stable_sort(m_unpaired, {}, &Row::begin);
    }
    const Nanoseconds end = times.end - times.zero;
    RowPairing pairing(m_rows, faults, details);
    for (Row& row : m_unpaired) {
        switch (row.duration) {
        case Slice::kBegins:
            pairing.begin(row);
            break;
        case Slice::kEnds:
            pairing.end(row);
            break;
        case Slice::kUnended:
            row.duration = end - row.begin;
            row.isUnfinished = true;
            faults.add(Fault::BeginWithoutEnd);
            [[fallthrough]];
        default:
            pairing.addComplete(row);
        }
    }
    pairing.finish(end);
}

recording::SpanColumns ThreadPacker::pack(std::span<const NamedGroup> groups, WorkerId worker,
                                          TraceTimes times) {
    if (findDepths(groups)) {
        return packOrdered(groups, worker, times);
    }
    makeRows(groups, times);
    return m_rowPacker.pack(m_rows, {}, worker, faults);
}

} // namespace interleave::chrome_trace
