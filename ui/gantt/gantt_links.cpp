// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_links.h"

#include "ui/gantt/span_search.h"

#include <algorithm>

namespace interleave::ui {

using recording::Link;
using recording::LinkEnd;
using recording::Recording;
using recording::Span;
using recording::TrackKind;

namespace {

bool isSameActor(const LinkEnd& end, const Span& span) {
    return end.task ? end.task == span.task : end.worker && end.worker == span.worker;
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

SpanLinks linksOf(const Recording& recording, SpanRef ref) {
    const Span span = recording.track(ref.track).spans.at(ref.index);
    SpanLinks result;
    for (std::size_t i = 0; i < recording.links.size(); ++i) {
        const Link& link = recording.links[i];
        if (isSameActor(link.from, span) && span.range.beginNs <= link.from.timeNs &&
            link.from.timeNs <= span.range.endNs) {
            result.outgoing.push_back(i);
        }
        if (isSameActor(link.to, span) && span.range.beginNs <= link.to.timeNs &&
            link.to.timeNs <= span.range.endNs) {
            result.incoming.push_back(i);
        }
    }
    return result;
}

std::vector<GanttArrow> linkArrows(const Recording& recording, const GanttGeometry& geometry,
                                   SpanRef selected, std::size_t most) {
    SpanLinks links = linksOf(recording, selected);
    std::vector<std::size_t> shown = std::move(links.incoming);
    shown.insert(shown.end(), links.outgoing.begin(), links.outgoing.end());
    std::sort(shown.begin(), shown.end());
    shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
    std::vector<GanttArrow> arrows;
    for (const std::size_t index : shown) {
        const Link& link = recording.links[index];
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
                          QString::fromStdString(formatDuration(link.to.timeNs - link.from.timeNs)),
                          link.isForced});
    }
    return arrows;
}

std::optional<SpanRef> spanAtEnd(const Recording& recording, const LinkEnd& end, bool isBegin,
                                 Grouping grouping) {
    std::optional<TrackId> track;
    if (grouping == Grouping::Task && end.task) {
        track = recording.trackOf(TrackKind::Task, end.task.value);
    } else if (end.worker) {
        track = recording.trackOf(TrackKind::Worker, end.worker.value);
    }
    if (!track) {
        return std::nullopt;
    }
    // What an arrow leaves ends there; what it leads to begins there.
    const Nanoseconds time = isBegin ? end.timeNs - 1 : end.timeNs;
    if (const auto index = nearestSpan(recording.track(*track).spans, time)) {
        return SpanRef{*track, *index};
    }
    return std::nullopt;
}

} // namespace interleave::ui
