// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/span_packer.h"

#include "engine/base/check.h"
#include "engine/recording/span_image.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>

namespace interleave::recording {

namespace {

constexpr std::size_t kMostDepth = std::numeric_limits<std::uint16_t>::max();

/// Appends parts to an image.
class ImageWriter {
public:
    explicit ImageWriter(std::byte* to)
        : m_to(to) {}
    void write(std::span<const std::byte> bytes) {
        if (!bytes.empty()) {
            std::memcpy(m_to, bytes.data(), bytes.size());
        }
        m_to += bytes.size();
    }
    void writeZeros(std::size_t count) {
        std::memset(m_to, 0, count);
        m_to += count;
    }
    std::byte* position() const { return m_to; }

private:
    std::byte* m_to;
};

bool isInOrder(const Span& a, const Span& b) {
    return a.depth != b.depth ? a.depth < b.depth : a.range.beginNs < b.range.beginNs;
}

/// Gives spans that overlap an earlier one of their depth the next free depth. Takes and leaves
/// them in order of begin.
void separate(std::vector<Span>& spans) {
    std::vector<Nanoseconds> freeFrom; // index: depth
    for (Span& span : spans) {
        std::size_t depth = span.depth;
        while (depth < freeFrom.size() && depth < kMostDepth &&
               freeFrom[depth] > span.range.beginNs) {
            ++depth;
        }
        if (depth >= freeFrom.size()) {
            freeFrom.resize(depth + 1, std::numeric_limits<Nanoseconds>::min());
        }
        freeFrom[depth] = std::max(freeFrom[depth], span.range.endNs);
        span.depth = static_cast<std::uint16_t>(depth);
    }
}

} // namespace

SpanPacker::SpanPacker() = default;

void SpanPacker::push(const Span& span) {
    while (m_laneBegins.size() <= span.depth) {
        m_laneBegins.push_back(m_size);
    }
    const std::int64_t marks = (span.isPreempted ? StateColumn::kPreempted : 0) |
                               (span.isUnfinished ? StateColumn::kUnfinished : 0);
    m_columns[0].push(span.range.beginNs);
    m_columns[1].push(span.range.durationNs());
    m_columns[2].push(static_cast<std::int64_t>(span.state) | marks);
    m_columns[3].push(span.task.value);
    m_columns[4].push(span.worker.value);
    m_columns[5].push(span.name.value);
    m_columns[6].push(span.cause.value);
    m_columns[7].push(span.core);
    m_columns[8].push(static_cast<std::int64_t>(span.detail));
    m_stateMask |= 1U << static_cast<unsigned>(span.state);
    ++m_size;
}

SpanColumns SpanPacker::finish(const IdLimits& limits) {
    ImageHeader head{.spanCount = m_size,
                     .laneCount = static_cast<std::uint32_t>(m_laneBegins.size()),
                     .stateMask = m_stateMask};
    const PyramidShape shape = PyramidShape::of(m_stateMask);
    for (std::size_t i = 0; i < m_laneBegins.size(); ++i) {
        const std::size_t end = i + 1 < m_laneBegins.size() ? m_laneBegins[i + 1] : m_size;
        head.pyramidWords += shape.wordsFor(end - m_laneBegins[i]);
    }
    std::size_t bytes = sizeof(head) + m_laneBegins.size() * 8 + head.pyramidWords * 8;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        m_columns[i].finish();
        head.columns[i] = {m_columns[i].blocks().size(),
                           paddedDataBytes(m_columns[i].data().size())};
        bytes += head.columns[i].blockCount * sizeof(PackedBlock) + head.columns[i].dataBytes;
    }

    const std::shared_ptr<std::int64_t[]> memory =
        std::make_shared_for_overwrite<std::int64_t[]>(bytes / 8);
    const auto image = std::as_writable_bytes(std::span(memory.get(), bytes / 8));
    ImageWriter writer(image.data());
    writer.write(std::as_bytes(std::span(&head, 1)));
    writer.write(std::as_bytes(std::span(m_laneBegins)));
    for (const ColumnPacker& column : m_columns) {
        writer.write(std::as_bytes(column.blocks()));
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        writer.write(m_columns[i].data());
        writer.writeZeros(head.columns[i].dataBytes - m_columns[i].data().size());
    }
    auto* pyramid = reinterpret_cast<std::int64_t*>(writer.position());
    std::fill_n(pyramid, head.pyramidWords, 0); // until it is written, a view must not read noise

    std::optional<SpanColumns> spans = SpanColumns::fromImage(image, memory, limits);
    CHECK(spans.has_value());
    writePyramid(*spans, pyramid);
    for (ColumnPacker& column : m_columns) {
        column.clear();
    }
    m_laneBegins.clear();
    m_size = 0;
    m_stateMask = 0;
    return std::move(*spans);
}

void SpanPacker::writePyramid(SpanColumns& spans, std::int64_t* words) const {
    const PyramidShape& shape = spans.pyramidShape();
    std::array<std::size_t, 32> slotOf{};
    for (std::size_t slot = 0; slot < shape.stateCount(); ++slot) {
        slotOf[static_cast<std::size_t>(spans.pyramidStates()[slot])] = slot;
    }
    const std::size_t width = shape.wordsPerEntry();
    std::array<std::int64_t, kBlockValues> begins{};
    std::array<std::int64_t, kBlockValues> durations{};
    std::array<std::int64_t, kBlockValues> states{};
    for (const SpanLane& lane : spans.lanes()) {
        const std::size_t levels = spans.levelCount(lane);
        if (levels == 0) {
            continue;
        }
        std::int64_t* entry = words + lane.pyramidWord;
        std::array<std::int64_t, static_cast<std::size_t>(kStateCount)> sums{};
        Nanoseconds end = 0;
        std::size_t untilEntry = 0;
        for (std::size_t i = lane.first; i < lane.end();) {
            const std::size_t count = std::min(kBlockValues - i % kBlockValues, lane.end() - i);
            spans.begin.packed().unpack(i, count, begins.data());
            spans.duration.packed().unpack(i, count, durations.data());
            spans.state.packed().unpack(i, count, states.data());
            for (std::size_t k = 0; k < count; ++k) {
                if (untilEntry == 0) {
                    entry[0] = begins[k];
                    std::copy_n(sums.begin(), width - 1, entry + 1);
                    entry += width;
                    untilEntry = shape.stride;
                }
                --untilEntry;
                sums[slotOf[static_cast<std::size_t>(states[k] & 31)]] += durations[k];
            }
            end = begins[count - 1] + durations[count - 1];
            i += count;
        }
        const auto close = [&] {
            entry[0] = end;
            std::copy_n(sums.begin(), width - 1, entry + 1);
            entry += width;
        };
        close();
        for (std::size_t level = 1; level < levels; ++level) {
            const PyramidLevel below = spans.level(lane, level - 1);
            for (std::size_t node = 0; node < below.nodeCount; node += PyramidShape::kFanout) {
                std::copy_n(below.entries + node * width, width, entry);
                entry += width;
            }
            close();
        }
    }
}

SpanColumns packSpans(std::vector<Span> spans, SpanPacker& packer) {
    if (spans.empty()) { // of ten thousand tasks, most of which have not begun
        static const SpanColumns kNone = SpanPacker().finish();
        return kNone;
    }
    const auto beginsEarlier = [](const Span& a, const Span& b) {
        return a.range.beginNs != b.range.beginNs ? a.range.beginNs < b.range.beginNs
                                                  : a.depth < b.depth;
    };
    if (!std::ranges::is_sorted(spans, beginsEarlier)) {
        std::ranges::stable_sort(spans, beginsEarlier);
    }
    separate(spans);
    if (!std::ranges::is_sorted(spans, isInOrder)) {
        std::ranges::stable_sort(spans, isInOrder);
    }
    for (const Span& span : spans) {
        packer.push(span);
    }
    return packer.finish();
}

SpanColumns packSpans(std::vector<Span> spans) {
    SpanPacker packer;
    return packSpans(std::move(spans), packer);
}

} // namespace interleave::recording
