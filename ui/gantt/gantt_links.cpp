// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_links.h"

#include "ui/gantt/span_search.h"
#include "ui/theme/text.h"

#include <algorithm>
#include <unordered_set>

namespace interleave::ui {

using analysis::LinkIndex;
using recording::Link;
using recording::LinkEnd;
using recording::Recording;
using recording::Span;
using recording::TrackKind;

namespace {

constexpr std::size_t kMostCandidates = 256; // a span may be the cause of a million

/// Links of a span on one side, in order of the time at the span; of many, those nearest to where
/// following begins.
std::vector<std::uint32_t> candidatesOf(const LinkIndex& links, const Span& span, bool isLeaving,
                                        TimeRange range, bool areFirstWanted) {
    std::vector<std::uint32_t> result;
    const auto take = [&](LinkIndex::Indices indices) {
        const std::size_t count = std::min(indices.size(), kMostCandidates);
        indices = areFirstWanted ? indices.first(count) : indices.last(count);
        result.insert(result.end(), indices.begin(), indices.end());
    };
    take(isLeaving ? links.leaving(span.task, range) : links.reaching(span.task, range));
    take(isLeaving ? links.leaving(span.worker, range) : links.reaching(span.worker, range));
    std::stable_sort(result.begin(), result.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto timeOf = [&](std::uint32_t index) {
            return isLeaving ? links.link(index).from.timeNs : links.link(index).to.timeNs;
        };
        return timeOf(a) < timeOf(b);
    });
    return result;
}

/// The track of the core that a worker was on.
std::optional<TrackId> coreTrackAt(const Recording& recording, WorkerId worker, Nanoseconds time) {
    const auto track = recording.trackOf(TrackKind::Worker, worker.value);
    if (!track) {
        return std::nullopt;
    }
    const auto& spans = recording.track(*track).spans;
    const auto index = nearestSpan(spans, time);
    if (!index || spans.core[*index] < 0) {
        return std::nullopt;
    }
    return recording.trackOf(TrackKind::Core, static_cast<std::uint32_t>(spans.core[*index]));
}

// The row of a link's end among those in sight: the task's, else the worker's.
const GanttRow* rowOfEnd(const Recording& recording, const GanttGeometry& geometry,
                         const LinkEnd& end) {
    if (end.task) {
        if (const auto track = recording.trackOf(TrackKind::Task, end.task.value)) {
            if (const GanttRow* row = geometry.rowOf(*track)) {
                return row;
            }
        }
    }
    if (end.worker) {
        if (const auto track = recording.trackOf(TrackKind::Worker, end.worker.value)) {
            if (const GanttRow* row = geometry.rowOf(*track)) {
                return row;
            }
        }
        if (const auto track = coreTrackAt(recording, end.worker, end.timeNs)) {
            return geometry.rowOf(*track);
        }
    }
    return nullptr;
}

QPolygonF pathBetween(const GanttRow& from, double fromX, const GanttRow& to, double toX) {
    if (&from == &to) {
        const double top = from.rect.top() + 1;
        return QPolygonF({{fromX, from.rect.center().y()},
                          {fromX + (toX - fromX) * 0.25, top},
                          {fromX + (toX - fromX) * 0.75, top},
                          {toX, from.rect.center().y()}});
    }
    return QPolygonF({{fromX, from.rect.center().y()}, {toX, to.rect.center().y()}});
}

} // namespace

std::vector<GanttArrow> linkArrows(const LinkIndex& links, const GanttGeometry& geometry,
                                   SpanRef selected, std::size_t most) {
    const Recording& recording = *links.recording();
    const Span span = recording.track(selected.track).spans.at(selected.index);
    const TimeRange seen = span.range.intersected(geometry.visible);
    std::vector<std::uint32_t> shown;
    for (const TimeRange range : {seen, span.range}) {
        for (const bool isLeaving : {false, true}) {
            const auto some = candidatesOf(links, span, isLeaving, range, isLeaving);
            shown.insert(shown.end(), some.begin(), some.end());
        }
    }
    std::vector<GanttArrow> arrows;
    std::unordered_set<std::uint32_t> drawn;
    for (const std::uint32_t index : shown) {
        if (!drawn.insert(index).second) {
            continue;
        }
        const Link& link = links.link(index);
        const GanttRow* from = rowOfEnd(recording, geometry, link.from);
        const GanttRow* to = rowOfEnd(recording, geometry, link.to);
        if (from == nullptr || to == nullptr || arrows.size() == most) {
            continue;
        }
        const auto xOf = [&](Nanoseconds time) {
            return std::clamp(geometry.xOf(time), geometry.plot.left(), geometry.plot.right());
        };
        arrows.push_back({link.kind,
                          pathBetween(*from, xOf(link.from.timeNs), *to, xOf(link.to.timeNs)),
                          durationText(link.to.timeNs - link.from.timeNs), link.isForced});
    }
    return arrows;
}

std::optional<SpanRef> spanAtEnd(const Recording& recording, const LinkEnd& end, bool isBegin,
                                 Grouping grouping) {
    // What an arrow leaves ends there; what it leads to begins there.
    const Nanoseconds time = isBegin ? end.timeNs - 1 : end.timeNs;
    std::optional<TrackId> track;
    if (grouping == Grouping::Task && end.task) {
        track = recording.trackOf(TrackKind::Task, end.task.value);
    } else if (grouping == Grouping::Core && end.worker) {
        track = coreTrackAt(recording, end.worker, time);
    }
    if (!track && end.worker) {
        track = recording.trackOf(TrackKind::Worker, end.worker.value);
    }
    if (!track) {
        return std::nullopt;
    }
    if (const auto index = nearestSpan(recording.track(*track).spans, time)) {
        return SpanRef{*track, *index};
    }
    return std::nullopt;
}

std::optional<FollowedLink> followLink(const LinkIndex& links, SpanRef from, bool isForward,
                                       Grouping grouping, std::optional<std::uint32_t> earlier) {
    const Recording& recording = *links.recording();
    const Span span = recording.track(from.track).spans.at(from.index);
    std::vector<std::uint32_t> candidates =
        candidatesOf(links, span, isForward, span.range, isForward);
    if (!isForward) {
        std::reverse(candidates.begin(), candidates.end());
    }
    if (earlier) { // the one after it comes first now, and it comes last
        const auto at = std::find(candidates.begin(), candidates.end(), *earlier);
        if (at != candidates.end()) {
            std::rotate(candidates.begin(), at + 1, candidates.end());
        }
    }
    for (const std::uint32_t index : candidates) {
        const Link& link = links.link(index);
        const auto target = isForward ? spanAtEnd(recording, link.to, false, grouping)
                                      : spanAtEnd(recording, link.from, true, grouping);
        if (target && *target != from) {
            return FollowedLink{*target, index};
        }
    }
    return std::nullopt;
}

QString linkText(const Recording& recording, std::uint32_t index) {
    const Link& link = recording.links[index];
    const auto nameOfEnd = [&](const LinkEnd& end) {
        if (end.task && end.task.value <= recording.tasks.size()) {
            return QString::fromStdString(recording.task(end.task).name);
        }
        const bool hasWorker = end.worker && end.worker.value <= recording.workers.size();
        return hasWorker ? QString::fromStdString(recording.worker(end.worker).name)
                         : QStringLiteral("?");
    };
    const std::string_view kind = recording::nameOf(link.kind);
    QString text = QString::fromUtf8(kind.data(), static_cast<qsizetype>(kind.size()));
    if (link.object && link.object.value <= recording.objects.size()) {
        text += QStringLiteral(" of ") + QString::fromStdString(recording.object(link.object).name);
    }
    return QStringLiteral("%1 after %2, %3 to %4")
        .arg(text, durationText(link.to.timeNs - link.from.timeNs), nameOfEnd(link.from),
             nameOfEnd(link.to));
}

} // namespace interleave::ui
