// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/worker_tracks.h"

#include <algorithm>

namespace interleave::collector {

using recording::RecordingBuilder;
using recording::Span;

namespace {

/// Walks the slices of one worker and the segments that occupied it side by side.
class WorkerWalk {
public:
    WorkerWalk(const WorkerThread& thread, std::span<const TaskSegment> segments, SpanTexts& texts,
               RecordingBuilder& builder, std::vector<CorePiece>& pieces)
        : m_thread(thread)
        , m_segments(segments)
        , m_texts(texts)
        , m_builder(builder)
        , m_pieces(pieces) {}

    void walk() {
        if (!m_thread.knowsCores) {
            for (const TaskSegment& segment : m_segments) {
                addDeclared(segment, segment.range);
            }
            return;
        }
        Nanoseconds at = m_thread.life.beginNs;
        const CoreSlice* previous = nullptr;
        for (const CoreSlice& slice : m_thread.slices) {
            addOffCore({at, slice.range.beginNs}, previous);
            addOnCore(slice);
            at = slice.range.endNs;
            previous = &slice;
        }
        addOffCore({at, m_thread.life.endNs}, previous);
    }

private:
    /// Calls use(part, segment or null) for the parts of the range, in order.
    template <class Use>
    void forEachPart(TimeRange range, Use&& use) {
        Nanoseconds at = range.beginNs;
        while (at < range.endNs) {
            while (m_next < m_segments.size() && m_segments[m_next].range.endNs <= at) {
                ++m_next;
            }
            const TaskSegment* const segment =
                m_next < m_segments.size() ? &m_segments[m_next] : nullptr;
            const bool isOccupied = segment != nullptr && segment->range.beginNs <= at;
            Nanoseconds end = range.endNs;
            if (segment != nullptr) {
                end = std::min(end, isOccupied ? segment->range.endNs : segment->range.beginNs);
            }
            use(TimeRange{at, end}, isOccupied ? segment : nullptr);
            at = end;
        }
    }

    Span spanOf(TimeRange range, const TaskSegment* segment) const {
        Span span{.range = range, .worker = m_thread.id};
        if (segment != nullptr) {
            span.task = segment->task;
            span.name = m_texts.step(segment->step);
        }
        return span;
    }

    void addOnCore(const CoreSlice& slice) {
        forEachPart(slice.range, [&](TimeRange part, const TaskSegment* segment) {
            Span span = spanOf(part, segment);
            span.state = State::Running;
            span.core = slice.core;
            span.isPreempted = slice.isPreempted && part.endNs == slice.range.endNs;
            m_builder.addWorkerSpan(span);
            m_pieces.push_back({part, m_thread.id, span.task, span.name, slice.core});
        });
    }

    void addOffCore(TimeRange range, const CoreSlice* previous) {
        const OffCore off = offCoreAfter(previous);
        forEachPart(range, [&](TimeRange part, const TaskSegment* segment) {
            if (segment == nullptr && !off.isPreempted) {
                return; // it has nothing to do and waits for work
            }
            Span span = spanOf(part, segment);
            span.state = off.state;
            span.isPreempted = off.isPreempted;
            if (!off.isPreempted && segment->state != State::Running) {
                span.state = segment->state;
                span.cause = m_texts.cause(*segment);
            } else if (!off.isPreempted) {
                span.cause = m_texts.offCore();
            }
            m_builder.addWorkerSpan(span);
        });
    }

    void addDeclared(const TaskSegment& segment, TimeRange range) {
        Span span = spanOf(range, &segment);
        span.state = segment.state;
        span.cause = m_texts.cause(segment);
        m_builder.addWorkerSpan(span);
    }

    const WorkerThread& m_thread;
    std::span<const TaskSegment> m_segments;
    SpanTexts& m_texts;
    RecordingBuilder& m_builder;
    std::vector<CorePiece>& m_pieces;
    std::size_t m_next = 0; // the first segment that may not be over
};

} // namespace

std::vector<CorePiece> addWorkerTracks(const WorkerTable& workers, const Occupancy& occupancy,
                                       SpanTexts& texts, RecordingBuilder& builder) {
    std::vector<CorePiece> pieces;
    for (const WorkerThread& thread : workers.threads()) {
        if (!thread.isControl) {
            WorkerWalk(thread, occupancy.of(thread.id), texts, builder, pieces).walk();
        }
    }
    return pieces;
}

} // namespace interleave::collector
