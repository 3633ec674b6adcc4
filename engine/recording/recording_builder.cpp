// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/recording_builder.h"

#include "engine/base/check.h"
#include "engine/recording/span_packer.h"
#include "engine/recording/validation.h"

#include <algorithm>
#include <fmt/format.h>
#include <tbb/combinable.h>
#include <tbb/parallel_for.h>

namespace interleave::recording {

RecordingBuilder::RecordingBuilder(StringTable strings)
    : m_recording(std::make_unique<Recording>()) {
    m_recording->strings = std::move(strings);
}

RecordingBuilder::Lane& RecordingBuilder::lane(TrackKind kind, std::uint32_t subject) {
    auto& lanes = m_lanes[static_cast<std::size_t>(kind)];
    if (lanes.size() <= subject) {
        lanes.resize(std::size_t{subject} + 1);
    }
    lanes[subject].isUsed = true;
    return lanes[subject];
}

TaskId RecordingBuilder::addTask(TaskInfo task) {
    m_recording->tasks.push_back(std::move(task));
    const TaskId id{static_cast<std::uint32_t>(m_recording->tasks.size())};
    lane(TrackKind::Task, id.value);
    return id;
}

WorkerId RecordingBuilder::addWorker(WorkerInfo worker) {
    m_recording->workers.push_back(std::move(worker));
    const WorkerId id{static_cast<std::uint32_t>(m_recording->workers.size())};
    if (!m_recording->workers.back().isControl) {
        lane(TrackKind::Worker, id.value);
    }
    return id;
}

ObjectId RecordingBuilder::addObject(ObjectInfo object) {
    m_recording->objects.push_back(std::move(object));
    const ObjectInfo& added = m_recording->objects.back();
    const ObjectId id{static_cast<std::uint32_t>(m_recording->objects.size())};
    if (const auto kind = trackKindOf(added.kind)) {
        lane(*kind, id.value);
    }
    return id;
}

void RecordingBuilder::addCore(std::uint32_t core) {
    lane(TrackKind::Core, core).name = fmt::format("core {}", core);
}

void RecordingBuilder::addProcess(ProcessInfo process) {
    m_recording->processes.push_back(std::move(process));
}

void RecordingBuilder::addTaskSpan(const Span& span) {
    CHECK(span.task && span.task.value <= m_recording->tasks.size());
    lane(TrackKind::Task, span.task.value).spans.push_back(span);
}

void RecordingBuilder::addWorkerSpan(const Span& span) {
    CHECK(span.worker && span.worker.value <= m_recording->workers.size());
    lane(TrackKind::Worker, span.worker.value).spans.push_back(span);
}

void RecordingBuilder::addCoreSpan(const Span& span) {
    CHECK(span.core >= 0);
    const auto core = static_cast<std::uint32_t>(span.core);
    addCore(core);
    lane(TrackKind::Core, core).spans.push_back(span);
}

void RecordingBuilder::addObjectSpan(ObjectId object, const Span& span) {
    CHECK(object && object.value <= m_recording->objects.size());
    const auto kind = trackKindOf(m_recording->object(object).kind);
    lane(kind.value_or(TrackKind::Lock), object.value).spans.push_back(span);
}

void RecordingBuilder::setSpans(TrackKind kind, std::uint32_t subject, SpanColumns spans) {
    Lane& target = lane(kind, subject);
    target.spans.clear();
    target.packed = std::move(spans);
}

void RecordingBuilder::addDiagnostic(Diagnostic diagnostic) {
    m_recording->diagnostics.push_back(std::move(diagnostic));
}

/// Most models have no GIL, and most no broker.
bool RecordingBuilder::isLeftOut(TrackKind kind, std::size_t subject) const {
    const Lane& lane = m_lanes[static_cast<std::size_t>(kind)][subject];
    if (!lane.isUsed) {
        return true;
    }
    const bool isOfObject = kind == TrackKind::Lock || kind == TrackKind::Queue;
    if (!isOfObject || !lane.spans.empty() || !lane.packed.isEmpty()) {
        return false;
    }
    const std::string& object = m_recording->objects[subject - 1].kind;
    return object == "gil" || object == kMessageQueueKind;
}

void RecordingBuilder::assembleTracks() {
    for (std::size_t kindIndex = 0; kindIndex < kKinds; ++kindIndex) {
        const auto kind = static_cast<TrackKind>(kindIndex);
        for (std::size_t subject = 0; subject < m_lanes[kindIndex].size(); ++subject) {
            if (isLeftOut(kind, subject)) {
                continue;
            }
            Lane& lane = m_lanes[kindIndex][subject];
            Track track{.id = TrackId{static_cast<std::uint32_t>(m_recording->tracks.size() + 1)},
                        .kind = kind,
                        .subject = static_cast<std::uint32_t>(subject),
                        .name = std::move(lane.name)};
            if (kind == TrackKind::Task) {
                track.name = m_recording->tasks[subject - 1].name;
            } else if (kind == TrackKind::Worker) {
                track.name = m_recording->workers[subject - 1].name;
            } else if (kind != TrackKind::Core) {
                track.name = m_recording->objects[subject - 1].name;
            }
            m_recording->tracks.push_back(std::move(track));
            m_laneOfTrack.push_back(&lane);
        }
    }
}

void RecordingBuilder::packTracks() {
    const IdLimits limits{m_recording->tasks.size(), m_recording->workers.size(),
                          m_recording->strings.size() - 1};
    tbb::combinable<SpanPacker> packers;
    std::vector<TrackFaults> faults(m_recording->tracks.size());
    tbb::parallel_for(std::size_t{0}, m_recording->tracks.size(), [&](std::size_t i) {
        Track& track = m_recording->tracks[i];
        Lane& lane = *m_laneOfTrack[i];
        if (!lane.packed.isEmpty()) {
            track.spans = std::move(lane.packed);
        } else {
            std::vector<Span> spans = std::move(lane.spans);
            const auto order = [](const Span& span) {
                return std::pair(span.range.beginNs, span.depth);
            };
            if (!std::ranges::is_sorted(spans, {}, order)) {
                std::ranges::stable_sort(spans, {}, order);
            }
            faults[i] = faultsOf(*m_recording, m_restarts, track, spans);
            std::erase_if(spans, [](const Span& span) { return span.range.isEmpty(); });
            track.spans = packSpans(std::move(spans), packers.local());
        }
        track.spans.setLimits(limits);
    });
    TrackFaults all;
    for (TrackFaults& each : faults) {
        all.add(std::move(each));
    }
    report(*m_recording, all);
}

void RecordingBuilder::sortEvents() {
    const auto byTime = [](const auto& item) { return item.timeNs; };
    std::ranges::stable_sort(m_recording->links, {},
                             [](const Link& link) { return link.from.timeNs; });
    if (!std::ranges::is_sorted(m_recording->messages, {}, byTime)) {
        std::ranges::stable_sort(m_recording->messages, {}, byTime);
    }
    std::ranges::stable_sort(m_recording->consumers, {}, [](const Consumer& consumer) {
        return std::pair(consumer.queue, consumer.life.beginNs);
    });
    std::ranges::stable_sort(m_recording->switches, {}, byTime);
    std::ranges::stable_sort(m_recording->marks, {}, byTime);
}

void RecordingBuilder::computeRange() {
    Nanoseconds end = 0;
    for (const Track& track : m_recording->tracks) {
        end = std::max(end, track.spans.endNs());
    }
    for (const TaskInfo& task : m_recording->tasks) {
        end = std::max(end, task.endNs);
    }
    m_recording->range = {0, end};
}

std::shared_ptr<const Recording> RecordingBuilder::finish() {
    assembleTracks();
    m_restarts.sort();
    packTracks();
    sortEvents();
    report(*m_recording, faultsOfMessages(*m_recording));
    computeRange();
    std::shared_ptr<const Recording> finished = std::move(m_recording);
    m_recording = std::make_unique<Recording>();
    m_lanes = {};
    m_laneOfTrack.clear();
    m_restarts = {};
    return finished;
}

} // namespace interleave::recording
