// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/task_tracks.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::collector {

using recording::RecordingBuilder;
using recording::Span;

SpanTexts::SpanTexts(const Manifest& manifest, const LockHolds& holds, RecordingBuilder& builder)
    : m_manifest(manifest)
    , m_holds(holds)
    , m_builder(builder)
    , m_offCore(builder.intern("off the core")) {
    for (const std::string& step : manifest.steps) {
        m_steps.push_back(builder.intern(step));
    }
    const auto gil = std::ranges::find(manifest.objects, "gil", &ManifestObject::kind);
    if (gil != manifest.objects.end()) {
        m_gil.value = static_cast<std::uint32_t>(gil - manifest.objects.begin()) + 1;
    }
}

StringId SpanTexts::cause(const TaskSegment& segment) {
    ObjectId object = segment.object;
    if (object.isNone() && segment.state == State::WaitingGil) {
        object = m_gil;
    }
    if (object.isNone() || isEnd(segment.state)) {
        return {};
    }
    TaskId holder = m_holds.holderAt(object, segment.range.beginNs);
    holder = holder ? holder : segment.holder;
    const auto [place, isNew] =
        m_causes.try_emplace(std::uint64_t{object.value} << 32 | holder.value);
    if (isNew) {
        const std::string& name = m_manifest.objects[object.value - 1].name;
        place->second = m_builder.intern(
            holder ? fmt::format("{} held by {}", name, m_manifest.tasks[holder.value - 1].name)
                   : name);
    }
    return place->second;
}

OffCore offCoreAfter(const CoreSlice* slice) {
    const bool isPreempted = slice != nullptr && slice->isPreempted;
    return {isPreempted ? State::Ready : State::Sleeping, isPreempted};
}

namespace {

/// Splits a running segment by the slices of its thread.
void addRunning(const TaskSegment& segment, Span span, const SpanTexts& texts,
                RecordingBuilder& builder) {
    const auto& slices = segment.thread->slices;
    const TimeRange range = segment.range.intersected(segment.thread->life);
    auto slice = std::ranges::upper_bound(slices, range.beginNs, {},
                                          [](const CoreSlice& s) { return s.range.endNs; });
    Nanoseconds at = range.beginNs;
    const auto addOffCore = [&](Nanoseconds end) {
        if (end > at) {
            const CoreSlice* const before = slice == slices.begin() ? nullptr : &*std::prev(slice);
            const OffCore off = offCoreAfter(before);
            Span gap = span;
            gap.range = {at, end};
            gap.state = off.state;
            gap.isPreempted = off.isPreempted;
            gap.cause = off.isPreempted ? StringId{} : texts.offCore();
            builder.addTaskSpan(gap);
        }
    };
    for (; slice != slices.end() && slice->range.beginNs < range.endNs; ++slice) {
        addOffCore(slice->range.beginNs);
        const TimeRange onCore = slice->range.intersected(range);
        Span running = span;
        running.range = onCore;
        running.core = slice->core;
        running.isPreempted = slice->isPreempted && onCore.endNs == slice->range.endNs;
        builder.addTaskSpan(running);
        at = onCore.endNs;
    }
    addOffCore(range.endNs);
}

void addSegment(const TaskSegment& segment, SpanTexts& texts, RecordingBuilder& builder) {
    if (isEnd(segment.state) || segment.isUnknown) {
        return;
    }
    const Span span{.range = segment.range,
                    .state = segment.state,
                    .task = segment.task,
                    .worker = segment.occupiesThread() ? segment.thread->id : WorkerId{},
                    .name = texts.step(segment.step),
                    .cause = texts.cause(segment)};
    // An empty segment counts in the check of the sequence, whatever the thread did.
    if (segment.state == State::Running && segment.thread->knowsCores && !segment.range.isEmpty()) {
        addRunning(segment, span, texts, builder);
    } else {
        builder.addTaskSpan(span);
    }
}

} // namespace

void addTaskTracks(const TaskHistory& history, SpanTexts& texts, Nanoseconds endNs,
                   RecordingBuilder& builder) {
    for (std::uint32_t i = 1; i <= history.taskCount(); ++i) {
        const auto segments = history.of(TaskId{i});
        recording::TaskInfo& task = builder.task(TaskId{i});
        if (segments.empty()) {
            task.submittedNs = task.endNs = endNs; // not submitted by then
            continue;
        }
        task.submittedNs = segments.front().range.beginNs;
        task.endNs = segments.back().range.endNs;
        task.end = history.endOf(TaskId{i}).value_or(State::Cancelled);
        for (const TaskSegment& segment : segments) {
            addSegment(segment, texts, builder);
        }
    }
}

} // namespace interleave::collector
