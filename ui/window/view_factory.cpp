// SPDX-License-Identifier: GPL-3.0-or-later
// The views by kind.
#include "ui/window/view_factory.h"

#include "ui/compare/compare_view.h"
#include "ui/contention/contention_view.h"
#include "ui/gantt/gantt_view.h"
#include "ui/gantt/span_text.h"
#include "ui/utilisation/utilisation_view.h"

namespace interleave::ui {

QWidget* makeRunView(ViewKind kind, ViewState& state, QWidget* parent) {
    switch (kind) {
    case ViewKind::Gantt:
        return new GanttView(state, parent);
    case ViewKind::Utilisation:
        return new UtilisationView(state, parent);
    case ViewKind::Contention:
        return new ContentionView(state, parent);
    case ViewKind::Compare:
        break;
    }
    return new QWidget(parent);
}

void setOverviewVisible(QWidget& view, bool isVisible) {
    if (auto* gantt = qobject_cast<GanttView*>(&view)) {
        gantt->setOverviewVisible(isVisible);
    }
}

CompareWidget makeCompareView(ViewState& state, std::function<void(int)> runChosen,
                              QWidget* parent) {
    auto* view = new CompareView(state, parent);
    QObject::connect(view, &CompareView::runChosen, view, std::move(runChosen));
    return {view, [view](std::vector<ViewState::RecordingPtr> recordings) {
                view->setRecordings(std::move(recordings));
            }};
}

DetailText describeSpan(const recording::Recording& recording, SpanRef span) {
    DetailText text;
    text.title = QString::fromStdString(recording.track(span.track).name);
    for (const Detail& detail : spanDetails(recording, span.track, span.index)) {
        text.rows.append({detail.label, detail.value});
    }
    return text;
}

} // namespace interleave::ui
