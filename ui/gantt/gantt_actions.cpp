// SPDX-License-Identifier: GPL-3.0-or-later
// The half of GanttView that keys and menus drive.
#include "ui/gantt/gantt_links.h"
#include "ui/gantt/gantt_mouse.h"
#include "ui/gantt/gantt_view.h"
#include "ui/gantt/span_search.h"
#include "ui/gantt/span_text.h"
#include "ui/view_state/time_navigation.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QStatusTipEvent>
#include <algorithm>
#include <cstdlib>

namespace interleave::ui {

namespace {

constexpr double kZoomPerKey = 0.7;
constexpr double kPanPerKey = 0.15;
constexpr double kRangePerKey = 0.02;
constexpr double kScrollPerKeyPx = 48;
constexpr int kSayMs = 4000;

Nanoseconds middleOf(TimeRange range) {
    return range.beginNs + range.durationNs() / 2;
}

} // namespace

// Tab walks along the row while something is selected there; otherwise, and always after Escape, it
// leaves the timeline as it leaves every other widget.
bool GanttView::event(QEvent* event) {
    if (event->type() == QEvent::KeyPress && m_state.selectedSpan()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isBack = key->key() == Qt::Key_Backtab ||
                            (key->key() == Qt::Key_Tab && key->modifiers() == Qt::ShiftModifier);
        if (isBack || (key->key() == Qt::Key_Tab && key->modifiers() == Qt::NoModifier)) {
            stepSpan(isBack ? -1 : 1);
            return true;
        }
    }
    return QWidget::event(event);
}

void GanttView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        m_mouse->setSpaceHeld(true);
        return;
    }
    const auto action = actionFor({event->key(), event->nativeScanCode(), event->modifiers()});
    const bool leavesMode = action == GanttAction::Clear && !m_state.hasSelection();
    if (!action || leavesMode || !m_state.recording()) {
        QWidget::keyPressEvent(event); // up to the window
        return;
    }
    perform(*action);
}

void GanttView::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        const bool isTap = !m_mouse->hasSpacePanned();
        m_mouse->setSpaceHeld(false);
        if (isTap && parentWidget() != nullptr) { // it was not for moving: the replay has it
            QKeyEvent tap(QEvent::KeyPress, Qt::Key_Space, Qt::NoModifier);
            QCoreApplication::sendEvent(parentWidget(), &tap);
        }
        return;
    }
    QWidget::keyReleaseEvent(event);
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
        return follow(true);
    case GanttAction::FollowLinkBack:
        return follow(false);
    case GanttAction::ExtendRangeLeft:
        return extendRange(-1);
    case GanttAction::ExtendRangeRight:
        return extendRange(1);
    case GanttAction::GoBack:
        return m_state.goBack();
    case GanttAction::GoForward:
        return m_state.goForward();
    case GanttAction::Mark:
        return mark();
    case GanttAction::KeepMark:
        return keepMark();
    case GanttAction::RemoveMark:
        return removeMark();
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
        const auto next = neighbourOf(recording.track(selected->track).spans, selected->index, by);
        if (next) {
            select(SpanRef{selected->track, *next});
        } else {
            say(by > 0 ? tr("This is the last span of its row.")
                       : tr("This is the first span of its row."));
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

// Down goes to what is nested in the span, then to the next row's outermost span at that time; up
// goes out of the nesting, then to the innermost of the row above.
void GanttView::stepRow(int by) {
    const auto selected = m_state.selectedSpan();
    const auto from = selected ? m_layout->rowOf(selected->track) : std::nullopt;
    if (!from) {
        return;
    }
    const auto& recording = *m_state.recording();
    const TimeRange range = m_state.selectedSpanValue()->range;
    const Nanoseconds time = middleOf(range);
    const auto& own = recording.track(selected->track).spans;
    const auto depth = static_cast<std::ptrdiff_t>(own.depthAt(selected->index)) + by;
    if (depth >= 0 && depth < static_cast<std::ptrdiff_t>(own.lanes().size())) {
        const auto& lane = own.lanes()[static_cast<std::size_t>(depth)];
        const auto index = nearestInLane(own, lane, time);
        if (index && own.rangeAt(*index).overlaps(range)) {
            return select(SpanRef{selected->track, *index});
        }
    }
    for (auto row = static_cast<std::ptrdiff_t>(*from) + by;
         row >= 0 && row < static_cast<std::ptrdiff_t>(m_layout->size()); row += by) {
        const RowItem& item = m_layout->at(static_cast<std::size_t>(row));
        if (item.isHeading() || recording.track(item.track).spans.isEmpty()) {
            continue;
        }
        const auto& spans = recording.track(item.track).spans;
        const auto outermost = nearestInLane(spans, spans.lanes().front(), time);
        return select(
            SpanRef{item.track, by > 0 && outermost ? *outermost : *nearestSpan(spans, time)});
    }
}

// Coming back and pressing the same key again takes the next arrow of the span.
void GanttView::follow(bool isForward) {
    const auto selected = m_state.selectedSpan();
    if (!selected) {
        return say(tr("Select a span first: arrows are followed from there."));
    }
    std::optional<std::uint32_t> earlier;
    if (m_lastFollowed && m_lastFollowed->from == *selected &&
        m_lastFollowed->isForward == isForward) {
        earlier = m_lastFollowed->link;
    }
    const auto followed = followLink(links(), *selected, isForward, m_state.grouping(), earlier);
    if (!followed) {
        return say(isForward ? tr("No arrow leaves this span.") : tr("No arrow leads here."));
    }
    m_lastFollowed = {*selected, isForward, followed->link};
    select(followed->span);
    say(linkText(*m_state.recording(), followed->link));
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

// One edge stays where the range began; the other moves, past it too, and stays in sight.
void GanttView::extendRange(int direction) {
    const TimeRange visible = m_state.visible();
    const auto step = std::max<Nanoseconds>(
        1, static_cast<Nanoseconds>(static_cast<double>(visible.durationNs()) * kRangePerKey));
    const auto range = m_state.selectedRange();
    if (!range || (m_rangeAnchorNs != range->beginNs && m_rangeAnchorNs != range->endNs)) {
        const auto span = m_state.selectedSpanValue();
        const TimeRange start = range  ? *range
                                : span ? span->range
                                       : TimeRange{middleOf(visible), middleOf(visible)};
        m_rangeAnchorNs = direction > 0 ? start.beginNs : start.endNs;
        m_rangeHeadNs = direction > 0 ? start.endNs : start.beginNs;
    } else {
        m_rangeHeadNs = m_rangeAnchorNs == range->beginNs ? range->endNs : range->beginNs;
    }
    m_rangeHeadNs += direction * step;
    if (m_rangeHeadNs == m_rangeAnchorNs) {
        m_rangeHeadNs += direction;
    }
    const auto [begin, end] = std::minmax(m_rangeAnchorNs, m_rangeHeadNs);
    m_state.setSelectedRange(TimeRange{begin, end});
    if (!visible.contains(m_rangeHeadNs)) {
        m_state.panBy(direction * kPanPerKey);
    }
}

// Where a mark goes: to the selected span's begin, else to the pointer, else to the middle.
Nanoseconds GanttView::markPlace() const {
    if (const auto span = m_state.selectedSpanValue()) {
        return span->range.beginNs;
    }
    return m_state.hoverTimeNs().value_or(middleOf(m_state.visible()));
}

// The second mark measures from the first, the third from the second.
void GanttView::mark() {
    const Nanoseconds now = markPlace();
    const auto earlier = m_state.passingMarkNs();
    if (earlier && *earlier != now) {
        const auto [begin, end] = std::minmax(*earlier, now);
        m_state.setMeasuredRange(TimeRange{begin, end});
    }
    m_state.setPassingMarkNs(now);
}

void GanttView::keepMark() {
    const Nanoseconds time = m_state.passingMarkNs().value_or(markPlace());
    m_state.setPassingMarkNs(std::nullopt);
    int number = 1;
    for (const Mark& kept : m_state.marks()) {
        if (kept.timeNs == time) {
            return;
        }
        number = std::max(number, kept.label.toInt() + 1);
    }
    m_state.addMark({time, QString::number(number)});
}

void GanttView::removeMark() {
    const auto& marks = m_state.marks();
    const auto distance = [place = markPlace()](const Mark& mark) {
        return std::abs(mark.timeNs - place);
    };
    const auto nearest = std::ranges::min_element(marks, {}, distance);
    if (nearest != marks.end()) {
        m_state.removeMark(nearest - marks.begin());
    }
}

const analysis::LinkIndex& GanttView::links() const {
    if (!m_links || m_links->recording() != m_state.recording()) {
        m_links = std::make_unique<analysis::LinkIndex>(m_state.recording());
    }
    return *m_links;
}

/// A word in the status bar; it goes by itself.
void GanttView::say(const QString& text) {
    QStatusTipEvent tip(text);
    QCoreApplication::sendEvent(this, &tip);
    text.isEmpty() ? m_sayTimer.stop() : m_sayTimer.start(kSayMs);
}

} // namespace interleave::ui
