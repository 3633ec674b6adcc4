// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/make_view_painter.h"

#include "ui/compare/compare_painter.h"
#include "ui/contention/contention_painter.h"
#include "ui/gantt/gantt_view_painter.h"
#include "ui/kitchen/kitchen_painter.h"
#include "ui/topology/topology_painter.h"
#include "ui/utilisation/utilisation_painter.h"
#include "ui/view_state/time_navigation.h"

#include <algorithm>
#include <utility>

namespace interleave::ui {

namespace {

Result<std::unique_ptr<ViewPainter>>
topologyPainter(const std::shared_ptr<const recording::Recording>& recording,
                const ExportRequest& request, TimeRange visible) {
    if (recording->messages.empty()) {
        return fail("This recording has no messages of a broker; the topology is there for runs "
                    "under models such as task-queue and pubsub.");
    }
    return std::make_unique<TopologyPainter>(recording, visible, request.at);
}

/// Whether the moment that is asked for lies in the run.
Result<void> checkMoment(const ExportRequest& request, TimeRange whole) {
    if (request.at && (*request.at < whole.beginNs || *request.at > whole.endNs)) {
        return fail("The moment to show, " + formatDuration(*request.at) +
                    ", lies outside of the run, which took " + formatDuration(whole.durationNs()) +
                    ".");
    }
    return {};
}

} // namespace

Result<std::unique_ptr<ViewPainter>> makeViewPainter(RecordingPtrs recordings,
                                                     const ExportRequest& request) {
    if (recordings.empty()) {
        return fail("There is no recording to export; run or open one first.");
    }
    if (request.range && request.range->isEmpty()) {
        return fail("The time range to export is empty; its end must be later than its begin.");
    }
    const auto& recording = recordings.front();
    TimeRange whole = recording->range;
    for (const auto& each : recordings) {
        whole.endNs = std::max(whole.endNs, each->range.endNs);
    }
    if (request.range && !request.range->overlaps(whole)) {
        return fail("The time range to export lies outside of the run, which took " +
                    formatDuration(whole.durationNs()) + ".");
    }
    if (const auto isInside = checkMoment(request, recording->range); !isInside) {
        return std::unexpected(isInside.error());
    }
    const TimeRange visible = request.range.value_or(fittedView(recording->range));
    switch (request.view) {
    case ExportView::Gantt:
        return std::make_unique<GanttViewPainter>(
            recording, GanttOptions{request.grouping, request.hidden, visible});
    case ExportView::Utilisation:
        return std::make_unique<UtilisationPainter>(recording, visible);
    case ExportView::Contention:
        return std::make_unique<ContentionPainter>(recording, visible);
    case ExportView::Topology:
        return topologyPainter(recording, request, visible);
    case ExportView::Kitchen:
        return std::make_unique<KitchenPainter>(
            std::make_shared<const analysis::Kitchen>(recording), visible, request.at);
    case ExportView::Compare:
        return std::make_unique<ComparePainter>(Recordings(recordings.begin(), recordings.end()),
                                                request.range);
    }
    std::unreachable();
}

} // namespace interleave::ui
