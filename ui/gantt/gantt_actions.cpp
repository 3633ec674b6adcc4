// SPDX-License-Identifier: GPL-3.0-or-later
// The half of GanttView that keys and menus drive.
#include "ui/gantt/gantt_links.h"
#include "ui/gantt/gantt_view.h"
#include "ui/gantt/span_search.h"
#include "ui/gantt/span_text.h"
#include "ui/view_state/time_navigation.h"

#include <QKeyEvent>
#include <algorithm>

namespace interleave::ui {

namespace {

constexpr double kZoomPerKey = 0.7;
constexpr double kPanPerKey = 0.15;
constexpr double kRangePerKey = 0.02;
constexpr double kScrollPerKeyPx = 48;

Nanoseconds middleOf(TimeRange range) {
    return range.beginNs + range.durationNs() / 2;
}

} // namespace

void GanttView::keyPressEvent(QKeyEvent* event) {
    const auto action = actionFor({event->key(), event->nativeScanCode(), event->modifiers()});
    if (!action || !m_state.recording()) {
        QWidget::keyPressEvent(event);
        return;
    }
    perform(*action);
}

void GanttView::perform(GanttAction action) {
    if (!m_state.recording()) {
        return;
    }
    // The pointer is the anchor while it is over the rows, else the middle.
    const Nanoseconds anchor = m_state.hoverTimeNs().value_or(middleOf(m_state.visible()));
    const double page = std::max(1.0, geometry().plot.height() * 0.9);
    switch (action) {
    case GanttAction::ZoomIn:
        return m_state.zoomAt(anchor, kZoomPerKey);
    case GanttAction::ZoomOut:
        return m_state.zoomAt(anchor, 1 / kZoomPerKey);
    case GanttAction::PanLeft:
        return m_state.panBy(-kPanPerKey);
    case GanttAction::PanRight:
        return m_state.panBy(kPanPerKey);
    case GanttAction::ScrollUp:
        return m_state.selectedSpan() ? stepRow(-1) : scrollRowsBy(-kScrollPerKeyPx);
    case GanttAction::ScrollDown:
        return m_state.selectedSpan() ? stepRow(1) : scrollRowsBy(kScrollPerKeyPx);
    case GanttAction::PageUp:
        return scrollRowsBy(-page);
    case GanttAction::PageDown:
        return scrollRowsBy(page);
    case GanttAction::Fit:
        return m_state.fit();
    case GanttAction::Frame:
        return frameSelection();
    case GanttAction::NextSpan:
        return stepSpan(1);
    case GanttAction::PreviousSpan:
        return stepSpan(-1);
    case GanttAction::FollowLink:
        return followLink(true);
    case GanttAction::FollowLinkBack:
        return followLink(false);
    case GanttAction::ExtendRangeLeft:
        return extendRange(-1);
    case GanttAction::ExtendRangeRight:
        return extendRange(1);
    case GanttAction::GoBack:
        return m_state.goBack();
    case GanttAction::GoForward:
        return m_state.goForward();
    case GanttAction::Mark:
        return addMark();
    case GanttAction::Clear:
        return m_state.clearSelection();
    }
}

void GanttView::select(std::optional<SpanRef> span) {
    if (span) {
        m_state.setSelectedSpan(span);
        reveal(*span);
        const QString words = spanTip(*m_state.recording(), span->track, span->index);
        setAccessibleDescription(words.simplified());
    }
}

// Without a selection, the first or last span in sight on the top row.
void GanttView::stepSpan(int by) {
    const auto& recording = *m_state.recording();
    if (const auto selected = m_state.selectedSpan()) {
        const auto count =
            static_cast<std::ptrdiff_t>(recording.track(selected->track).spans.size());
        const auto next = static_cast<std::ptrdiff_t>(selected->index) + by;
        if (next >= 0 && next < count) {
            select(SpanRef{selected->track, static_cast<std::size_t>(next)});
        }
        return;
    }
    for (const GanttRow& row : geometry().rows) {
        if (!row.isHeading && recording.track(row.track).spans.size() > 0) {
            const TimeRange visible = m_state.visible();
            const Nanoseconds from = by > 0 ? visible.beginNs : visible.endNs - 1;
            const auto index = nearestSpan(recording.track(row.track).spans, from);
            select(index ? std::optional(SpanRef{row.track, *index}) : std::nullopt);
            return;
        }
    }
}

void GanttView::stepRow(int by) {
    const auto& recording = *m_state.recording();
    const auto selected = m_state.selectedSpan();
    const auto from = selected ? m_layout->rowOf(selected->track) : std::nullopt;
    if (!from) {
        return;
    }
    const Nanoseconds time = middleOf(m_state.selectedSpanValue()->range);
    for (auto row = static_cast<std::ptrdiff_t>(*from) + by;
         row >= 0 && row < static_cast<std::ptrdiff_t>(m_layout->size()); row += by) {
        const RowItem& item = m_layout->at(static_cast<std::size_t>(row));
        if (!item.isHeading() && recording.track(item.track).spans.size() > 0) {
            select(SpanRef{item.track, *nearestSpan(recording.track(item.track).spans, time)});
            return;
        }
    }
}

void GanttView::followLink(bool isForward) {
    const auto selected = m_state.selectedSpan();
    if (!selected) {
        return;
    }
    const auto& recording = *m_state.recording();
    const SpanLinks links = linksOf(recording, *selected);
    const std::vector<std::size_t>& candidates = isForward ? links.outgoing : links.incoming;
    for (const std::size_t index : candidates) {
        const recording::Link& link = recording.links[index];
        const auto target = isForward ? spanAtEnd(recording, link.to, false, m_state.grouping())
                                      : spanAtEnd(recording, link.from, true, m_state.grouping());
        if (target && *target != *selected) {
            select(target);
            return;
        }
    }
}

// Zooms to what is selected; where that is in the frame already, back to the whole.
void GanttView::frameSelection() {
    std::optional<TimeRange> target = m_state.selectedRange();
    if (const auto span = m_state.selectedSpanValue(); span && !target) {
        target = span->range;
    }
    if (!target || m_state.visible() == framedView(*target, m_state.extent())) {
        m_state.fit();
    } else {
        m_state.zoomTo(*target);
    }
}

void GanttView::extendRange(int direction) {
    const auto step = std::max<Nanoseconds>(
        1, static_cast<Nanoseconds>(static_cast<double>(m_state.visible().durationNs()) *
                                    kRangePerKey));
    TimeRange range;
    if (m_state.selectedRange()) {
        range = *m_state.selectedRange();
        range.endNs = std::max(range.beginNs + 1, range.endNs + direction * step);
    } else if (const auto span = m_state.selectedSpanValue()) {
        range = span->range;
    } else {
        range.beginNs = middleOf(m_state.visible());
        range.endNs = range.beginNs + step;
    }
    m_state.setSelectedRange(range);
}

void GanttView::addMark() {
    Nanoseconds time = m_state.hoverTimeNs().value_or(middleOf(m_state.visible()));
    if (const auto span = m_state.selectedSpanValue()) {
        time = span->range.beginNs;
    }
    m_state.addMark({time, QString::number(m_state.marks().size() + 1)});
}

} // namespace interleave::ui
