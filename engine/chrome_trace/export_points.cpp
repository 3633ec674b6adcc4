// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/chrome_trace/export_points.h"

#include "engine/analysis/step_function.h"
#include "engine/analysis/utilisation.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace interleave::chrome_trace {

using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

constexpr std::size_t kPointBytes = 512;
/// A derived curve of more points than this is drawn by means of so many equal parts of time: a
/// chart has some thousand pixels, and the spans themselves are in the file.
constexpr std::size_t kMostPoints = 65'536;

std::string json(std::string_view text) {
    std::string result;
    appendJsonString(result, text);
    return result;
}

void writeMetadata(std::string_view what, ThreadPlace place, const std::string& args,
                   TextBuffer& to) {
    to.append(
        fmt::format(",\n{{\"ph\":\"M\",\"pid\":{},\"tid\":{},\"name\":\"{}\",\"args\":{{{}}}}}",
                    place.pid, place.tid, what, args));
}

void nameProcess(std::uint32_t pid, std::string_view name, int order, TextBuffer& to) {
    const ThreadPlace place{pid, pid};
    writeMetadata("process_name", place, "\"name\":" + json(name), to);
    writeMetadata("process_sort_index", place, fmt::format("\"sort_index\":{}", order), to);
}

std::string numberJson(double value) {
    if (!std::isfinite(value)) {
        return std::isnan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"";
    }
    std::array<char, 32> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return {digits.data(), end};
}

void writePoints(std::uint32_t pid, std::string_view name, std::string_view series,
                 const std::vector<Nanoseconds>& times, const std::vector<double>& values,
                 TextBuffer& to) {
    const std::string begin = fmt::format(
        ",\n{{\"ph\":\"C\",\"pid\":{0},\"tid\":{0},\"name\":{1},\"ts\":", pid, json(name));
    const std::string middle = fmt::format(",\"args\":{{{}:", json(series));
    for (std::size_t i = 0; i < times.size() && i < values.size(); ++i) {
        char* at = to.room(begin.size() + middle.size() + 128);
        at = writeMicroseconds(write(at, begin), times[i]);
        at = write(write(at, middle), numberJson(values[i]));
        to.setEnd(write(at, "}}"));
    }
}

/// All spans of a kind of track that are in a state, counted at each moment.
analysis::StepFunction countOf(const Recording& recording, const DerivedCounter& counter) {
    switch (counter.kind) {
    case DerivedCounter::Kind::RunningTasks:
        return analysis::parallelism(recording);
    case DerivedCounter::Kind::ReadyTasks:
        return analysis::readyTasks(recording);
    case DerivedCounter::Kind::WorkersOnCores:
    case DerivedCounter::Kind::QueueDepth:
        break;
    }
    std::vector<TimeRange> ranges;
    const bool isQueue = counter.kind == DerivedCounter::Kind::QueueDepth;
    for (const Track& track : recording.tracks) {
        const bool isMeant = isQueue ? track.id == counter.queue : track.kind == TrackKind::Core;
        for (std::size_t i = 0; isMeant && i < track.spans.size(); ++i) {
            if (isQueue || track.spans.state[i] == State::Running) {
                ranges.push_back(track.spans.rangeAt(i));
            }
        }
    }
    return analysis::overlapCount(std::move(ranges));
}

} // namespace

void writeNames(const Recording& recording, const ExportLayout& layout, TextBuffer& to) {
    std::set<TrackKind> kinds;
    for (const Track& track : recording.tracks) {
        kinds.insert(track.kind);
    }
    const PseudoProcesses& pseudo = layout.pseudo;
    nameProcess(pseudo.tasks, "Tasks", -1, to); // always there: every trace needs an event
    if (kinds.contains(TrackKind::Lock)) {
        nameProcess(pseudo.locks, "Locks", 1'000'000, to);
    }
    if (kinds.contains(TrackKind::Queue)) {
        nameProcess(pseudo.queues, "Queues", 1'000'001, to);
    }
    if (kinds.contains(TrackKind::Core)) {
        nameProcess(pseudo.cores, "Cores", 1'000'002, to);
    }
    std::set<std::uint32_t> named;
    int order = 0;
    for (const recording::ProcessInfo& process : recording.processes) {
        if (named.insert(process.pid).second) {
            nameProcess(process.pid,
                        process.name.empty() ? fmt::format("process {}", process.pid)
                                             : process.name,
                        order++, to);
        }
    }
    for (const ThreadPlace& place : layout.workers) {
        if (place.pid == pseudo.workers && named.insert(place.pid).second) {
            nameProcess(place.pid, "Workers", order++, to);
        }
    }
    for (std::size_t i = 0; i < layout.threads.size(); ++i) {
        const NamedThread& thread = layout.threads[i];
        writeMetadata("thread_name", thread.place, "\"name\":" + json(thread.name), to);
        writeMetadata("thread_sort_index", thread.place, fmt::format("\"sort_index\":{}", i), to);
    }
}

void writeCounter(const recording::Counter& counter, const CounterPlace& place, TextBuffer& to) {
    writePoints(place.pid, place.name, counter.unit.empty() ? "value" : counter.unit, counter.time,
                counter.value, to);
}

std::vector<DerivedCounter> derivedCounters(const Recording& recording) {
    using Kind = DerivedCounter::Kind;
    std::vector<DerivedCounter> counters;
    bool hasTasks = false;
    bool hasReady = false;
    bool hasCores = false;
    for (const Track& track : recording.tracks) {
        hasTasks |= track.kind == TrackKind::Task && track.spans.hasState(State::Running);
        hasReady |= track.kind == TrackKind::Task && track.spans.hasState(State::Ready);
        hasCores |= track.kind == TrackKind::Core && track.spans.hasState(State::Running);
        // Of messages there are counters, and not each has a span.
        const bool isOfItems =
            track.kind == TrackKind::Queue &&
            recording.object(ObjectId{track.subject}).kind != recording::kMessageQueueKind;
        if (isOfItems && !track.spans.isEmpty()) {
            counters.push_back({Kind::QueueDepth, track.id});
        }
    }
    // The slices of another program aren't tasks that run and wait for a core.
    const bool isOurs = recording.info.source != recording::Source::Imported;
    if (hasTasks && isOurs) {
        counters.push_back({Kind::RunningTasks, {}});
    }
    if (hasReady && isOurs) {
        counters.push_back({Kind::ReadyTasks, {}});
    }
    if (hasCores) {
        counters.push_back({Kind::WorkersOnCores, {}});
    }
    return counters;
}

void writeDerived(const Recording& recording, const ExportLayout& layout,
                  const DerivedCounter& counter, TextBuffer& to) {
    analysis::StepFunction steps = countOf(recording, counter);
    if (steps.time.size() > kMostPoints) {
        const analysis::Buckets buckets{{steps.time.front(), steps.time.back()}, kMostPoints};
        analysis::StepFunction means{{}, analysis::meanPerBucket(steps, buckets)};
        for (std::size_t i = 0; i < buckets.count; ++i) {
            means.time.push_back(buckets.at(i).beginNs);
        }
        means.time.push_back(buckets.range.endNs);
        means.value.push_back(0);
        steps = std::move(means);
    }
    std::uint32_t pid = layout.pseudo.tasks;
    std::string name;
    switch (counter.kind) {
    case DerivedCounter::Kind::RunningTasks:
        name = "running tasks";
        break;
    case DerivedCounter::Kind::ReadyTasks:
        name = "tasks without a core";
        break;
    case DerivedCounter::Kind::WorkersOnCores:
        name = "workers on a core";
        pid = layout.pseudo.cores;
        break;
    case DerivedCounter::Kind::QueueDepth:
        name = "items in " + recording.track(counter.queue).name;
        pid = layout.pseudo.queues;
        break;
    }
    writePoints(pid, name, "count", steps.time, steps.value, to);
}

void writeMarks(const Recording& recording, const ExportLayout& layout, const ExportTexts& texts,
                std::size_t first, std::size_t last, TextBuffer& to) {
    const std::size_t bytes = kPointBytes + texts.strings.longest();
    for (std::size_t i = first; i < last; ++i) {
        const recording::Mark& mark = recording.marks[i];
        const bool hasTrack = mark.track && mark.track.value <= recording.tracks.size();
        const std::size_t group = hasTrack ? layout.firstGroupOfTrack[mark.track.value - 1] : 0;
        // A track without spans has no row of its own.
        const bool hasRow = hasTrack && group < layout.firstGroupOfTrack[mark.track.value];
        ThreadPlace place{layout.pseudo.tasks, layout.pseudo.tasks};
        char scope = 'g';
        bool isAsync = false;
        if (hasRow) {
            place = layout.groups[group].place;
            scope = 't';
            isAsync = layout.groups[group].isAsync;
        } else if (mark.pid != 0) {
            place = {mark.pid, mark.pid};
            scope = 'p';
        }
        const std::size_t name = mark.name.value < texts.strings.size() ? mark.name.value : 0;
        char* at = to.room(bytes);
        if (isAsync) {
            const LaneGroup& row = layout.groups[group];
            at = write(at, ",\n{\"ph\":\"n\",\"cat\":\"");
            at = write(at, row.track->kind == TrackKind::Task ? std::string_view("task")
                                                              : std::string_view("queue"));
            at = write(write(write(at, "\",\"id\":\""), row.id), "\",\"pid\":");
        } else {
            at = write(at, ",\n{\"ph\":\"i\",\"cat\":\"mark\",\"s\":\"");
            *at++ = scope;
            at = write(at, "\",\"pid\":");
        }
        at = write(writeNumber(at, place.pid), ",\"tid\":");
        at = write(writeNumber(at, place.tid), ",\"ts\":");
        at = write(writeMicroseconds(at, mark.timeNs), ",\"name\":");
        at = name == 0 ? write(at, "\"mark\"") : writeShort(at, texts.strings[name]);
        at = writeNumber(write(at, ",\"args\":{\"track\":"), mark.track.value);
        if (mark.pid != 0) {
            at = writeNumber(write(at, ",\"pid\":"), mark.pid);
        }
        if (name == 0) {
            at = write(at, ",\"unnamed\":true");
        } else if (!texts.strings.isExact(name)) {
            at = writeNumber(write(at, ",\"name_id\":"), std::uint64_t{name});
        }
        to.setEnd(at);
        if (mark.detail != 0 && recording.details != nullptr) {
            to.append(",\"detail\":" + detailJson(recording.details->text(mark.detail)));
        }
        to.append("}}");
    }
}

namespace {

/// Begins an instant on a worker's thread, up to its name.
char* writeInstant(std::string_view category, WorkerId worker, Nanoseconds timeNs,
                   const ExportLayout& layout, TextBuffer& to) {
    const bool isKnown = worker && worker.value <= layout.workers.size();
    const ThreadPlace place = isKnown ? layout.workers[worker.value - 1] : layout.elsewhere;
    char* at = write(to.room(kPointBytes), ",\n{\"ph\":\"i\",\"cat\":\"");
    at = write(write(at, category), "\",\"s\":\"t\",\"pid\":");
    at = write(writeNumber(at, place.pid), ",\"tid\":");
    at = write(writeNumber(at, place.tid), ",\"ts\":");
    return write(writeMicroseconds(at, timeNs), ",\"name\":");
}

} // namespace

void writeMessages(const Recording& recording, const ExportLayout& layout, std::size_t first,
                   std::size_t last, TextBuffer& to) {
    for (std::size_t i = first; i < last; ++i) {
        const recording::MessageEvent& event = recording.messages[i];
        char* at = writeInstant("message", event.worker, event.timeNs, layout, to);
        *at++ = '"';
        at = write(write(at, recording::nameOf(event.step)), "\",\"args\":{\"message\":");
        at = writeNumber(at, event.message);
        const auto writeId = [&at](std::string_view name, std::uint32_t value) {
            if (value != 0) {
                at = writeNumber(write(at, name), value);
            }
        };
        writeId(",\"object\":", event.object.value);
        writeId(",\"task\":", event.task.value);
        writeId(",\"worker\":", event.worker.value);
        if (event.isRedelivered) {
            at = write(at, ",\"redelivered\":true");
        }
        to.setEnd(write(at, "}}"));
    }
}

void writeSwitches(const Recording& recording, const ExportLayout& layout, std::size_t first,
                   std::size_t last, TextBuffer& to) {
    for (std::size_t i = first; i < last; ++i) {
        const recording::Switch& leave = recording.switches[i];
        char* at = writeInstant("switch", leave.worker, leave.timeNs, layout, to);
        at = leave.isPreempted ? write(at, "\"pre-empted\"") : write(at, "\"leaves its core\"");
        at = writeNumber(write(at, ",\"args\":{\"worker\":"), leave.worker.value);
        at = writeNumber(write(at, ",\"core\":"), std::int64_t{leave.core});
        if (leave.isPreempted) {
            at = write(at, ",\"preempted\":true");
        }
        to.setEnd(write(at, "}}"));
    }
}

} // namespace interleave::chrome_trace
