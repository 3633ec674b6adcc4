// SPDX-License-Identifier: GPL-3.0-or-later
// The views by kind.
#include "ui/window/view_factory.h"

#include "ui/compare/compare_page.h"
#include "ui/contention/contention_view.h"
#include "ui/gantt/gantt_accessible.h"
#include "ui/gantt/gantt_view.h"
#include "ui/gantt/span_text.h"
#include "ui/gantt/track_header.h"
#include "ui/kitchen/kitchen_accessible.h"
#include "ui/kitchen/kitchen_view.h"
#include "ui/topology/topology_accessible.h"
#include "ui/topology/topology_view.h"
#include "ui/utilisation/utilisation_view.h"

namespace interleave::ui {

namespace {

QWidget* ganttWithHeader(ViewState& state, QWidget* parent) {
    installGanttAccessible();
    auto* view = new GanttView(state, parent);
    new TrackHeader(*view, state);
    return view;
}

} // namespace

QWidget* makeRunView(ViewKind kind, ViewState& state, QWidget* parent) {
    switch (kind) {
    case ViewKind::Gantt:
        return ganttWithHeader(state, parent);
    case ViewKind::Utilisation:
        return new UtilisationView(state, parent);
    case ViewKind::Contention:
        return new ContentionView(state, parent);
    case ViewKind::Topology:
        installTopologyAccessible();
        return new TopologyView(state, parent);
    case ViewKind::Kitchen:
        installKitchenAccessible();
        return new KitchenView(state, parent);
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
    auto* page = new ComparePage(state, parent);
    CompareView* const view = &page->view();
    QObject::connect(view, &CompareView::runChosen, view, std::move(runChosen));
    return {page, &view->time(), [view](std::vector<ViewState::RecordingPtr> recordings) {
                view->setRecordings(std::move(recordings));
            }};
}

DetailText describeSpan(const analysis::LinkIndex& links, SpanRef span, Grouping grouping) {
    const recording::Recording& recording = *links.recording();
    DetailText text;
    text.title = QString::fromStdString(recording.track(span.track).name);
    for (const QList<Detail>& details :
         {spanDetails(recording, span.track, span.index), linkDetails(links, span, grouping)}) {
        for (const Detail& detail : details) {
            text.rows.append({detail.label, detail.value, detail.target});
        }
    }
    return text;
}

} // namespace interleave::ui
