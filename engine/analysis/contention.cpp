// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/contention.h"

#include <algorithm>
#include <limits>
#include <map>

namespace interleave::analysis {

using recording::LinkKind;
using recording::Recording;
using recording::Track;
using recording::TrackKind;

namespace {

HoldCause holdCauseNamed(std::string_view text) {
    if (text == "free") {
        return HoldCause::Free;
    }
    if (text == "handoff") {
        return HoldCause::Handoff;
    }
    return text == "forced" ? HoldCause::Forced : HoldCause::Unknown;
}

std::vector<Hold> holdsOf(const Recording& recording, ObjectId object) {
    std::vector<Hold> holds;
    const auto trackId = recording.trackOf(TrackKind::Lock, object.value);
    if (!trackId) {
        return holds;
    }
    const recording::SpanColumns& spans = recording.track(*trackId).spans;
    holds.reserve(spans.size());
    for (std::size_t i = 0; i < spans.size(); ++i) {
        holds.push_back({spans.rangeAt(i), spans.task[i], spans.worker[i],
                         holdCauseNamed(recording.strings.text(spans.cause[i])), spans.depthAt(i)});
    }
    if (!spans.isFlat()) { // permits held side by side lie in lanes
        std::ranges::stable_sort(holds, {}, [](const Hold& hold) { return hold.range.beginNs; });
    }
    return holds;
}

template <class Item>
std::vector<Nanoseconds> durationsOf(const std::vector<Item>& items) {
    std::vector<Nanoseconds> durations;
    durations.reserve(items.size());
    for (const Item& item : items) {
        durations.push_back(item.range.durationNs());
    }
    return durations;
}

std::vector<Handover> handoversOf(const Recording& recording, ObjectId object) {
    std::vector<Handover> handovers;
    for (const recording::Link& link : recording.links) {
        if (link.kind == LinkKind::Handoff && link.object == object) {
            handovers.push_back({link.from, link.to, link.isForced});
        }
    }
    return handovers;
}

/// Total length of what is covered by sorted ranges that may overlap.
Nanoseconds unionLength(std::vector<TimeRange> ranges) {
    std::ranges::sort(ranges, {}, &TimeRange::beginNs);
    Nanoseconds total = 0;
    Nanoseconds end = std::numeric_limits<Nanoseconds>::min();
    for (const TimeRange range : ranges) {
        if (range.endNs > end) {
            total += range.endNs - std::max(range.beginNs, end);
            end = range.endNs;
        }
    }
    return total;
}

std::vector<WorkerShare> sharesOf(const Recording& recording, const LockContention& contention) {
    struct Ranges {
        std::vector<TimeRange> hold;
        std::vector<TimeRange> wait;
    };
    std::map<WorkerId, Ranges> byWorker;
    for (const Hold& hold : contention.holds) {
        byWorker[hold.worker].hold.push_back(hold.range);
    }
    for (const LockWait& wait : contention.waits) {
        byWorker[wait.worker].wait.push_back(wait.range);
    }
    byWorker.erase(WorkerId{});
    std::vector<WorkerShare> shares;
    for (auto& [worker, ranges] : byWorker) {
        const auto life = static_cast<double>(
            recording.worker(worker).life.intersected(recording.range).durationNs());
        if (life <= 0) {
            continue;
        }
        WorkerShare share{worker, static_cast<double>(unionLength(std::move(ranges.hold))) / life,
                          static_cast<double>(unionLength(std::move(ranges.wait))) / life, 0};
        // Waiting tasks of an event loop overlap the holding one on the same thread.
        share.hold = std::min(share.hold, 1.0);
        share.wait = std::min(share.wait, 1.0 - share.hold);
        share.neither = 1.0 - share.hold - share.wait;
        shares.push_back(share);
    }
    return shares;
}

} // namespace

std::vector<Hold> holdsOffCore(const Recording& recording, const std::vector<Hold>& holds) {
    std::vector<Hold> offCore;
    for (const Hold& hold : holds) {
        const auto trackId =
            hold.worker ? recording.trackOf(TrackKind::Worker, hold.worker.value) : std::nullopt;
        if (!trackId) {
            continue;
        }
        Nanoseconds covered = hold.range.beginNs;
        const auto addGap = [&](Nanoseconds end) {
            if (end > covered) {
                Hold part = hold;
                part.range = {covered, end};
                offCore.push_back(part);
            }
        };
        for (const TimeRange onCore :
             rangesInState(recording.track(*trackId), State::Running, hold.range)) {
            addGap(onCore.beginNs);
            covered = onCore.endNs;
        }
        addGap(hold.range.endNs);
    }
    return offCore;
}

LockContention contentionOf(const Recording& recording, const LockWaits& waits, ObjectId object) {
    LockContention contention;
    contention.object = object;
    contention.holds = holdsOf(recording, object);
    contention.waits = waits.waitsFor(object);
    std::vector<TimeRange> ranges;
    for (const LockWait& wait : contention.waits) {
        ranges.push_back(wait.range);
    }
    contention.waiters = overlapCount(std::move(ranges));
    contention.handovers = handoversOf(recording, object);
    contention.holdHistogram = histogramOf(durationsOf(contention.holds));
    contention.waitHistogram = histogramOf(durationsOf(contention.waits));
    std::vector<Nanoseconds> latencies;
    for (const Handover& handover : contention.handovers) {
        latencies.push_back(handover.latencyNs());
    }
    contention.handoverHistogram = histogramOf(std::move(latencies));
    contention.shares = sharesOf(recording, contention);
    if (recording.info.kernelTruth == "switches") {
        contention.offCore = holdsOffCore(recording, contention.holds);
    }
    return contention;
}

std::vector<ObjectId> contendedObjects(const Recording& recording, const LockWaits& waits) {
    // By wait, but an interpreter lock that is waited for comes before all others: the longest
    // waits of a program are often those for the end of a thread, behind a lock of its own.
    std::vector<std::pair<std::pair<bool, Nanoseconds>, ObjectId>> found;
    for (const TrackId id : recording.tracksOf(TrackKind::Lock)) {
        const ObjectId object{recording.track(id).subject};
        Nanoseconds waited = 0;
        for (const LockWait& wait : waits.waitsFor(object)) {
            waited += wait.range.durationNs();
        }
        const bool isGil = recording.object(object).kind == "gil";
        found.emplace_back(std::pair(isGil && waited > 0, waited), object);
    }
    std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<ObjectId> objects;
    for (const auto& [waited, object] : found) {
        objects.push_back(object);
    }
    return objects;
}

WaitMatrix waitMatrix(const Recording& recording, const LockContention& contention,
                      Grouping grouping) {
    std::map<std::pair<std::string, std::string>, Nanoseconds> cells;
    std::map<std::string, std::uint32_t> order; // label -> lowest task id, for a natural order
    const auto label = [&](TaskId task) {
        std::string text = "nobody's task";
        if (task) {
            const recording::TaskInfo& info = recording.task(task);
            text = grouping == Grouping::Task ? info.name : info.group;
        }
        const auto place = order.emplace(text, task.value).first;
        place->second = std::min(place->second, task.value);
        return text;
    };
    // The latest end up to each hold finds the first that reaches into a wait.
    std::vector<Nanoseconds> latestEnd;
    for (const Hold& hold : contention.holds) {
        latestEnd.push_back(latestEnd.empty() ? hold.range.endNs
                                              : std::max(latestEnd.back(), hold.range.endNs));
    }
    // OPT: one visit per hold under each wait, at most (waiters at once) x holds; prefix sums per
    // holder would make it waits x holders, which is more for short waits, the usual case.
    for (const LockWait& wait : contention.waits) {
        auto i = static_cast<std::size_t>(std::ranges::upper_bound(latestEnd, wait.range.beginNs) -
                                          latestEnd.begin());
        for (; i < contention.holds.size() && contention.holds[i].range.beginNs < wait.range.endNs;
             ++i) {
            const Hold& hold = contention.holds[i];
            if (const TimeRange both = hold.range.intersected(wait.range); !both.isEmpty()) {
                cells[{label(wait.task), label(hold.task)}] += both.durationNs();
            }
        }
    }
    WaitMatrix matrix;
    for (const auto& [text, first] : order) {
        matrix.labels.push_back(text);
    }
    std::ranges::stable_sort(matrix.labels, {}, [&](const std::string& l) { return order.at(l); });
    const std::size_t size = matrix.labels.size();
    matrix.waitNs.assign(size, std::vector<Nanoseconds>(size, 0));
    for (std::size_t w = 0; w < size; ++w) {
        for (std::size_t h = 0; h < size; ++h) {
            const auto cell = cells.find({matrix.labels[w], matrix.labels[h]});
            matrix.waitNs[w][h] = cell == cells.end() ? 0 : cell->second;
        }
    }
    return matrix;
}

} // namespace interleave::analysis
